// The beginning of a run: its state, and the signals and queries that reach it.

import type { JourneyInput } from '../../rules/journey/kind';
import { type InputOf, type JourneyKind, journeyKind } from '../../rules/journey/kinds';
import type { ContactEvent, RunProgress } from '../../rules/journey/messages';
import { noteTouch } from './details';
import {
  changedSignal,
  contactSignal,
  pauseSignal,
  progressQuery,
  resumeSignal,
  settledSignal,
  stopSignal,
  taskSettledSignal,
} from './messages';
import type { RunState } from './state';
import { endingOf } from './stops';
import { patched, setHandler } from './temporal';

/** Opens the state and attaches the handlers; must come before the first await, or early signals would find nobody. */
export function openRun<K extends JourneyKind>(journey: K, input: InputOf<K>): RunState {
  const state = newState(journey, input, journeyKind(journey).channels(input));

  setHandler(contactSignal, (event) => {
    state.events.push(event);
    state.ending ??= endingBy(state, event);
    state.changes.push('event');
  });

  setHandler(changedSignal, ({ what }) => {
    state.changes.push(what);
    if (what === 'profile') noteZone(state);
  });

  setHandler(settledSignal, (settled) => {
    state.settled[settled.touchId] = settled;
    const { touchId, why: reason } = settled;
    const verdict = settled.settled === 'sent' ? 'sent' : 'released';
    noteTouch(state, { touchId, verdict, ...(reason !== undefined && { reason }) });
  });

  setHandler(taskSettledSignal, (settled) => {
    state.tasks[settled.taskId] = settled;
  });

  setHandler(stopSignal, () => {
    state.ending ??= 'stopped';
  });
  setHandler(pauseSignal, () => {
    state.paused = true;
  });
  setHandler(resumeSignal, () => {
    state.paused = false;
  });
  setHandler(progressQuery, () => progressOf(state));

  return state;
}

/** The contact may have moved. */
function noteZone(state: RunState): void {
  // Runs that heard of a change before this slept on in the zone that they had begun with.
  if (patched('zone-may-move')) state.isZoneOld = true;
  // And those held by a cap until the midnight of that zone.
  if (patched('caps-follow-the-zone')) state.changes.push('zone');
}

/** What a rule of the run's own says stands before what ends every run. */
function endingBy(state: RunState, event: ContactEvent): string | null {
  const ending = endingOf(state, event); // also closes channels
  return state.stopRule?.(event) ?? ending;
}

function newState(
  journey: JourneyKind,
  { contactId, staffId, product }: JourneyInput,
  channels: RunState['channels'],
): RunState {
  return {
    journey,
    contactId,
    channels,
    lost: [],
    events: [],
    changes: [],
    settled: {},
    lostOffers: [],
    open: [],
    touches: [],
    steps: [],
    tasks: {},
    waits: [],
    zone: '',
    isZoneOld: false,
    step: 'begin',
    paused: false,
    isClosing: false,
    ending: null,
    ...(staffId !== undefined && { staffId }),
    ...(product !== undefined && { product }),
  };
}

function progressOf(state: RunState): RunProgress {
  const { journey, step, waits, paused, touches, steps } = state;
  const { what: waitingFor, until } = waits.at(-1) ?? {};
  return {
    journey,
    step,
    ...(waitingFor !== undefined && { waitingFor }),
    ...(until !== undefined && { until }),
    paused,
    touches: [...touches],
    ...(steps.length > 0 && { steps: [...steps] }),
  };
}
