// The frame around a journey: it begins, runs its SOP, and closes cleanly however the run ended.

import { type InputOf, type JourneyKind, journeyKind } from '../../rules/journey/kinds';
import type { JourneyResult } from '../../rules/journey/messages';
import { giveBackAcceptances } from './acceptances';
import { attempt } from './attempt';
import { closeOpenTouches } from './closing';
import { markOutcome } from './details';
import { openRun } from './openRun';
import { begin, finish } from './proxies';
import { createRun, type JourneyRun } from './run';
import type { RunState } from './state';
import { RunEnded } from './stops';
import {
  CancellationScope,
  isCancellation,
  patched,
  TemporalFailure,
  workflowInfo,
} from './temporal';
import type { Subject } from './touch';

interface Closing {
  /** Comes last, whatever the outcome. Its failure changes nothing of it. */
  readonly closing?: (outcome: string) => Promise<void>;
}

/** What the kit itself knows of a run: for what is written with it and is no journey of its own. */
export interface RunFrame {
  readonly state: RunState;
  readonly subject: Subject;
}

/** Runs the SOP of a journey for a contact. `sop` returns the outcome of the run. */
export async function runJourney<K extends JourneyKind>(
  journey: K,
  input: InputOf<K>,
  sop: (run: JourneyRun, frame: RunFrame) => Promise<string>,
  { closing }: Closing = {},
): Promise<JourneyResult> {
  const state = openRun(journey, input);
  const ended = await endOf(async () => {
    const subject = await beginRun(state, journey, input);
    return sop(createRun(state, subject), { state, subject });
  });

  // A cancelled run still gives back what it holds and says how it ended.
  await CancellationScope.nonCancellable(() => close(state, ended.outcome, closing));

  if (ended.failure !== undefined) throw ended.failure;
  return { outcome: ended.outcome };
}

/** The row says how the run ended before anything is done that may fail or wait long: one left `running` would be believed. */
async function close(state: RunState, outcome: string, closing: Closing['closing']): Promise<void> {
  const conclude = async () => {
    await finish({ outcome });
    markOutcome(state, outcome);
  };

  await attempt('closing open touches', () => closeOpenTouches(state, outcome));
  // Runs begun by release 0.1 did what comes last before they finished.
  const finishesFirst = closing === undefined || patched('finish-first');
  if (finishesFirst) await conclude();
  if (closing) await attempt('the last word', () => closing(outcome));
  if (!finishesFirst) await conclude();
  await giveBackAcceptances(state);
}

/** Pins what the run begins with: the versions of its templates, the zone, the member it speaks through. */
async function beginRun<K extends JourneyKind>(
  state: RunState,
  journey: K,
  input: InputOf<K>,
): Promise<Subject> {
  const { contactId, entry, staffId } = input;
  const begun = await begin({
    journey,
    contactId,
    entry,
    templates: journeyKind(journey)
      .texts(input)
      .map(({ template }) => template),
    ...(staffId && { staffId }),
  });

  state.city = begun.city;
  state.zone = begun.timezone;
  if (begun.staffId !== undefined) state.staffId = begun.staffId;

  return { contactId, runKey: runKeyOf(entry), templates: begun.templates };
}

/** A workflow id may be used again for a later entry: then the entry keeps the touches of the two apart. */
function runKeyOf(entry: string): string {
  const { workflowId } = workflowInfo();
  return workflowId.endsWith(`/${entry}`) ? workflowId : `${workflowId}/${entry}`;
}

interface Ended {
  readonly outcome: string;
  /** Rethrown, so that Temporal too shows the run as cancelled or failed. */
  readonly failure?: unknown;
}

/** Any error but these is a fault in the code: it fails the workflow task and waits there for a corrected worker. */
async function endOf(sop: () => Promise<string>): Promise<Ended> {
  try {
    return { outcome: await sop() };
  } catch (error) {
    if (error instanceof RunEnded) return { outcome: error.outcome };
    if (isCancellation(error)) return { outcome: 'cancelled', failure: error };
    if (error instanceof TemporalFailure) return { outcome: 'failed', failure: error };
    throw error;
  }
}
