// One touch on its way through a page, with what each step added to it; and how it ended.

import type { Contact, KeptTouch } from '../../rules/contact/contact';
import type { Decision, Touch } from '../../rules/gate/gate.schema';
import { formatInstant } from '../../rules/time/instant';
import type { TouchVerdict } from '../contract';
import type { ActivityDeps } from '../deps';
import { tryLater } from '../failures';
import type { PolicyInForce } from '../policyInForce';
import type { PublishedVersions } from '../published';
import type { TouchRequest } from './asked';
import type { PersonalBasis } from './question';

/** This execution of the activity, of which there may have been others before, and may be one after it. */
export interface Execution {
  /** True: an execution before it was given up on, and may still be running. */
  readonly isRepeat: boolean;
  /** True once it is given up on: whoever comes after it may have begun. */
  isOver(): boolean;
}

/** What becomes of a touch that the gate lets pass, and others that are due come before: the decision as it is, or another one. */
export type GivesWay = (
  touch: Touch,
  contact: Contact,
  policy: PolicyInForce,
  decision: Decision,
) => Decision;

/** With which means touches are decided and delivered. */
export interface TouchContext {
  /** Absent: nothing else that is due is looked at. */
  readonly givesWay?: GivesWay;
  readonly execution: Execution;
  readonly deps: ActivityDeps;
  readonly published: PublishedVersions;
}

/** Not ended yet. `place` is its place on the page, by which its outcome is found again. */
export interface OpenTouch {
  readonly place: number;
  readonly asked: TouchRequest;
  /** Of this execution; 0 is the first of the attempt. */
  readonly fence: number;
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
  readonly personal: PersonalBasis;
  /** ISO: the instant at which it was decided. */
  readonly at: string;
}

/** With a verdict, or with what kept the touch from one. A failure of the stores fails the whole page instead. */
export type TouchEnd = { readonly verdict: TouchVerdict } | { readonly failure: unknown };

/** What a step closed. */
export type ClosedTouch = { readonly place: number } & TouchEnd;

/** ISO instant of the deployment's clock. */
export const nowOf = ({ deps }: TouchContext): string => formatInstant(deps.clock.now());

/** Nothing more may be begun by an execution that is given up on. @throws a failure, which nobody hears */
export function assertInTime(execution: Execution): void {
  if (execution.isOver()) throw overtaken();
}

/** What becomes of a touch in an execution that another one has overtaken. */
export const overtaken = () =>
  tryLater('OVERTAKEN', 'a later execution of this activity has taken over');
