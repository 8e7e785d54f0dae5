// One touch on its way through a page, with what each step added to it; and how it ended.

import type { Contact, KeptTouch } from '../../rules/contact/contact';
import type { Decision } from '../../rules/gate/gate.schema';
import { formatInstant } from '../../rules/time/instant';
import type { TouchVerdict } from '../contract';
import type { ActivityDeps } from '../deps';
import type { PolicyInForce } from '../policyInForce';
import type { PublishedVersions } from '../published';
import type { TouchRequest } from './asked';

/** With which means touches are decided and delivered. */
export interface TouchContext {
  readonly deps: ActivityDeps;
  readonly published: PublishedVersions;
}

/** Not ended yet. `place` is its place on the page, by which its outcome is found again. */
export interface OpenTouch {
  readonly place: number;
  readonly asked: TouchRequest;
}

/** With the contact as it was read; `kept` is the touch as the contact's document has it, if it has it. */
export interface LoadedTouch extends OpenTouch {
  readonly contact: Contact;
  readonly kept: KeptTouch | undefined;
}

/** The contact's document holds it: reserved now, or in an execution before this one. */
export interface ReservedTouch extends LoadedTouch {
  readonly kept: KeptTouch;
}

export interface DecidedTouch extends LoadedTouch {
  readonly policy: PolicyInForce;
  readonly decision: Decision;
  /** ISO: the instant at which it was decided. */
  readonly at: string;
}

/** With a verdict, or with what kept the touch from one. A failure of the stores fails the whole page instead. */
export type TouchEnd = { readonly verdict: TouchVerdict } | { readonly failure: unknown };

/** What a step closed. */
export type ClosedTouch = { readonly place: number } & TouchEnd;

/** ISO instant of the deployment's clock. */
export const nowOf = ({ deps }: TouchContext): string => formatInstant(deps.clock.now());
