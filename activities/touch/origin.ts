// Who wants a touch: a journey, a wave of a sales calendar, or another system through the message centre.

import { type JourneyKind, journeyKind } from '../../rules/journey/kinds';
import type { DecisionRow } from '../../rules/ledger/rows';
import type { CallingRun } from '../deps';

/** The run that asks hears how the touch ends. */
export type TouchOrigin = CallingRun &
  (
    | {
        readonly kind: 'journey';
        readonly journey: JourneyKind;
        readonly step: string;
        readonly pickedBy?: string;
      }
    /** One slot of a calendar on one date. */
    | {
        readonly kind: 'wave';
        readonly pickedBy?: string;
        readonly calendar: string;
        readonly slot: string;
        /** `YYYY-MM-DD`. */
        readonly date: string;
      }
    /** `system`: whose message it is. */
    | { readonly kind: 'message-centre'; readonly system: string; readonly messageType: string }
  );

/** What the ledger keeps of the origin: who asked, which part of it, and in which run. */
export function originFields(
  origin: TouchOrigin,
): Pick<DecisionRow, 'journey' | 'step' | 'workflowId' | 'runId'> {
  const { workflowId, runId } = origin;
  switch (origin.kind) {
    case 'journey':
      return { journey: origin.journey, step: origin.step, workflowId, runId };
    case 'wave':
      return { journey: `calendar/${origin.calendar}`, step: origin.slot, workflowId, runId };
    case 'message-centre':
      return { journey: `system/${origin.system}`, step: origin.messageType, workflowId, runId };
  }
}

/** The personal feature by which the contact was picked; undefined: everybody is touched alike. */
export function audienceFeature(origin: TouchOrigin): string | undefined {
  switch (origin.kind) {
    case 'journey':
      return journeyKind(origin.journey).audienceBy ?? origin.pickedBy;
    case 'wave':
      return origin.pickedBy;
    case 'message-centre':
      return undefined;
  }
}
