// Stores and systems for one item: no call to them begins once its lane may be somebody else's.

import { CodedError } from '../rules/base/errors';
import { laneOf } from './inbound';

/** Asked by whoever handles an item. */
export interface ItemGuard {
  /** @throws CodedError CONFLICT once another process may have the item */
  assertOurs(): void;
  /** @throws ElsewhereError for an item that turns out to be of another customer than its lane's */
  assertLaneOf(contactId: string): void;
}

export class ElsewhereError extends Error {
  override readonly name = 'ElsewhereError';
  constructor(readonly lane: string) {
    super(`the item belongs into lane ${lane}`);
  }
}

/** @param hold keeps another lane from beginning; false when something is going on there */
export const itemGuard = (
  lane: string,
  mayGoOn: () => boolean,
  hold: (lane: string) => boolean,
): ItemGuard => ({
  assertOurs() {
    if (!mayGoOn()) throw new CodedError('CONFLICT', 'another process has taken this lane over');
  },
  assertLaneOf(contactId) {
    const belongs = laneOf(contactId);
    if (belongs !== lane && !hold(belongs)) throw new ElsewhereError(belongs);
  },
});

/** The same calls, each asked for beforehand. A call that had begun may still end: what it does must be harmless when repeated. */
export function fencedCalls<T extends object>(target: T, assertOurs: () => void): T {
  return new Proxy(target, {
    get(object, name) {
      const member: unknown = Reflect.get(object, name);
      if (typeof member !== 'function') return member;

      return (...given: unknown[]): unknown => {
        assertOurs();
        return Reflect.apply(member, object, given);
      };
    },
  });
}

/** The same for every one of several, by name. */
export function fencedAll<T extends object>(targets: T, assertOurs: () => void): T {
  return new Proxy(targets, {
    get: (object, name) => fencedCalls(Reflect.get(object, name) as object, assertOurs),
  });
}
