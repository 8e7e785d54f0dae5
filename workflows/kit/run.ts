// The state of one run and the signals that change it.

import type { ChannelName } from '../../rules/contact/contact';
import type { JourneyKind } from '../../rules/journey/kinds';
import type { ContactEvent, RunProgress, TouchSettled } from '../../rules/journey/messages';
import { describe } from './details';
import {
  contactSignal,
  pauseSignal,
  progressQuery,
  resumeSignal,
  settledSignal,
  stopSignal,
} from './messages';
import { endingOf } from './stops';
import { setHandler } from './temporal';

export type EventKind = ContactEvent['kind'];

/** A touch that somebody must still act on. */
export interface OpenTask {
  readonly touchId: string;
  readonly channel: ChannelName;
  readonly channelRef: string;
  /** Milliseconds: unsettled by then, nobody will act any more. */
  readonly until: number;
}

/** Where a touch of this run stands. */
export interface TouchNote {
  readonly touchId: string;
  readonly verdict: string;
  readonly reason?: string;
}

export interface RunState {
  readonly journey: JourneyKind;
  /** Channels this journey can speak on at all. */
  readonly channels: readonly ChannelName[];
  /** Channels the customer has closed to us since the run began. */
  readonly lost: ChannelName[];
  /** Events not consumed yet, oldest first. */
  readonly events: ContactEvent[];
  readonly settled: Record<string, TouchSettled>;
  readonly open: OpenTask[];
  readonly touches: TouchNote[];
  city?: string;
  staffId?: string;
  /** What is on offer, once known. */
  product?: string;
  step: string;
  waitingFor?: string;
  until?: string;
  paused: boolean;
  /** Set once: the outcome of a run that must end at its next wait. */
  ending: string | null;
}

/** Opens the state and attaches the handlers; must come before the first await, or early signals would find nobody. */
export function openRun(
  journey: JourneyKind,
  channels: readonly ChannelName[],
  staffId: string | undefined,
): RunState {
  const state: RunState = {
    journey,
    channels,
    lost: [],
    events: [],
    settled: {},
    open: [],
    touches: [],
    step: 'begin',
    paused: false,
    ending: null,
    ...(staffId !== undefined && { staffId }),
  };
  setHandler(contactSignal, (event) => {
    state.events.push(event);
    state.ending ??= endingOf(state, event);
  });
  setHandler(settledSignal, (settled) => {
    state.settled[settled.touchId] = settled;
    const { touchId, why: reason } = settled;
    const verdict = settled.settled === 'sent' ? 'sent' : 'released';
    noteTouch(state, { touchId, verdict, ...(reason !== undefined && { reason }) });
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

/** Keeps the latest word on a touch, for queries and for the page an operator reads. */
export function noteTouch(state: RunState, note: TouchNote): void {
  const known = state.touches.findIndex(({ touchId }) => touchId === note.touchId);
  if (known < 0) state.touches.push(note);
  else state.touches[known] = note;
  describe(state);
}

function progressOf(state: RunState): RunProgress {
  const { journey, step, waitingFor, until, paused, touches } = state;
  return {
    journey,
    step,
    ...(waitingFor !== undefined && { waitingFor }),
    ...(until !== undefined && { until }),
    paused,
    touches: [...touches],
  };
}
