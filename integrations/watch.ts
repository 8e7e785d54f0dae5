// Keeps how the calls to systems go where all processes and people can see it: what keeps a system from working, until it works again.

import type { Clock } from '../ports/clock';
import type {
  ConditionStore,
  Meeting,
  OutsideSystem,
  Side,
  SystemWatch,
} from '../ports/conditions';
import type { Log } from '../ports/log';
import { MINUTE_MS } from '../rules/time/durations';
import { OutcomeUnknown } from './http';

/** Thousands of calls may fail or succeed at a time: one write a second tells of all of them. */
const WRITE_EVERY_MS = 1000;
/** Longer than the longest pause between two tries: what is not met for so long keeps nobody waiting. */
const QUIET_MS = 2 * MINUTE_MS;
/** Codes are the systems' own, so nothing bounds how many there are: what was met long ago leaves when there are so many. */
const MOST_KNOWN = 1000;

/**
 * Failures of a connection that last until somebody mends an address or a certificate. A certificate of theirs counts alike:
 * whether it has expired or we trust the wrong ones, only a person can find out.
 */
const TO_BE_MENDED = /CERT|TLS|SSL|VERIFY|SELF_SIGNED|ENOTFOUND/;

interface WatchState {
  readonly conditions: Pick<ConditionStore, 'meet' | 'worked'>;
  readonly clock: Clock;
  readonly log: Log;
  /** By condition: when it was last written, and how often it was met since. */
  readonly met: Map<string, { readonly writtenAt: number; readonly unwritten: number }>;
  readonly workedAt: Map<Side, number>;
}

export function createSystemWatch(
  conditions: WatchState['conditions'],
  clock: Clock,
  log: Log,
): SystemWatch {
  const state: WatchState = { conditions, clock, log, met: new Map(), workedAt: new Map() };

  return {
    met: (meeting) => met(state, meeting),
    worked: (system) => worked(state, system),
  };
}

function met(state: WatchState, meeting: Meeting): void {
  const { conditions, clock, log } = state;
  const key = `${meeting.system}/${meeting.code}`;
  const known = state.met.get(key);
  const now = clock.now();
  const times = (known?.unwritten ?? 0) + 1;
  if (known && now < known.writtenAt + WRITE_EVERY_MS) {
    state.met.set(key, { ...known, unwritten: times });
    return;
  }

  state.met.set(key, { writtenAt: now, unwritten: 0 });
  forgetLongAgo(state, now);
  if (!known || known.writtenAt < now - QUIET_MS)
    log.warn({ ...meeting }, 'a system refuses us: what waits for it goes on waiting');
  // The next success must not be passed over because one was told of just before.
  state.workedAt.delete(meeting.system);
  keep(state, conditions.meet({ ...meeting, at: iso(now), times }));
}

function forgetLongAgo({ met }: WatchState, now: number): void {
  if (met.size <= MOST_KNOWN) return;
  for (const [key, { writtenAt }] of met) if (writtenAt < now - QUIET_MS) met.delete(key);
}

function worked(state: WatchState, system: Side): void {
  const now = state.clock.now();
  const told = state.workedAt.get(system);
  if (told !== undefined && now < told + WRITE_EVERY_MS) return;

  state.workedAt.set(system, now);
  keep(state, state.conditions.worked(system, { at: iso(now), quietSince: iso(now - QUIET_MS) }));
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** Nobody waits for it: a database that is away is told of elsewhere. */
function keep({ log }: WatchState, written: Promise<void>): void {
  written.catch((error: unknown) => log.debug({ err: error }, 'a condition was not kept'));
}

/** Tells of a call whose outcome is unknown; of any other error nothing. */
export function tellUnknown(
  watch: SystemWatch | undefined,
  system: OutsideSystem,
  error: unknown,
): void {
  if (!(error instanceof OutcomeUnknown)) return;

  const { blocker } = error;
  const fault = TO_BE_MENDED.test(blocker) ? 'ours' : 'theirs';
  watch?.met({ system, code: blocker, fault, isWide: true });
}
