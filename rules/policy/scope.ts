// Which touches a rule is about: by class and by channel, each of them all when absent.

import type { TouchClass } from '../contact/contact';

export interface PolicyScope {
  readonly classes?: readonly TouchClass[] | undefined;
  readonly channels?: readonly string[] | undefined;
}

interface Scoped {
  readonly class: TouchClass;
  readonly channel: string;
}

/** True when the rule applies to a touch of this class on this channel. */
export function covers(scope: PolicyScope, touch: Scoped): boolean {
  return (
    (scope.classes === undefined || scope.classes.includes(touch.class)) &&
    (scope.channels === undefined || scope.channels.includes(touch.channel))
  );
}
