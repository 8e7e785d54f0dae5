// One touch on its way through a page: asked, read, held, judged; and how it ended.

import type { Contact, KeptTouch } from '../../rules/contact/contact';
import type { Decision } from '../../rules/gate/gate.schema';
import type { TouchVerdict } from '../contract';
import type { PolicyInForce } from '../published';
import type { Ask } from './ask';

/** How it ended for one touch: with a verdict, or with what kept it from one; a failure of the stores fails the whole page. */
export type Ended = { readonly verdict: TouchVerdict } | { readonly failure: unknown };
/** By the touch's place on the page. */
export type Endings = Map<number, Ended>;

export interface Entry {
  readonly place: number;
  readonly ask: Ask;
}

/** With the contact as it was read. */
export interface Known extends Entry {
  readonly contact: Contact;
  readonly kept: KeptTouch | undefined;
}

/** With the touch as the contact holds it. */
export interface Held extends Known {
  readonly kept: KeptTouch;
}

export interface Judged extends Known {
  readonly policy: PolicyInForce;
  readonly decision: Decision;
}
