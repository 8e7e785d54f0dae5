// The engine in memory: remembers what was started and signalled, and can be away.

import type { Engine, EngineRun } from '../../ports/engine';
import { CodedError } from '../../rules/base/errors';
import { calendarRunId } from '../../rules/calendar/life';
import type { WaveInput } from '../../rules/calendar/wave';
import { type JourneyKind, journeyKind } from '../../rules/journey/kinds';
import type {
  JourneyMessage,
  LateOrderInput,
  MassSendInput,
  ReconcileInput,
  TaskReviewInput,
} from '../../rules/journey/messages';

export interface Start {
  readonly journey: JourneyKind;
  readonly workflowId: string;
  readonly input: unknown;
  readonly city?: string;
}

export interface FakeEngine extends Engine {
  readonly starts: Start[];
  readonly signalled: { readonly workflowId: string; readonly message: JourneyMessage }[];
  readonly massSends: MassSendInput[];
  readonly reconciles: { readonly workflowId: string; readonly input: ReconcileInput }[];
  readonly withdrawn: { readonly msgid: string; readonly touchId: string }[];
  readonly reviews: TaskReviewInput[];
  readonly lateOrders: LateOrderInput[];
  /** Ids, each as often as it was told. */
  readonly changedCalendars: string[];
  /** How often somebody asked for seals at once, and for a look at the open tasks of waves. */
  readonly asked: { seals: number; waveReviews: number };
  readonly wokenWaves: WaveInput[];
  /** While true every call fails as the real one does when Temporal cannot be reached. */
  away: boolean;
  close(workflowId: string): void;
  /** Closed so long ago that nothing is known of it any more. */
  forget(workflowId: string): void;
}

export function createFakeEngine(): FakeEngine {
  const state = new Map<string, 'running' | 'closed'>();

  function assertHere(): void {
    if (engine.away) throw new CodedError('UNAVAILABLE', 'Temporal did not answer within 4000 ms');
  }

  const engine: FakeEngine = {
    starts: [],
    signalled: [],
    massSends: [],
    reconciles: [],
    withdrawn: [],
    reviews: [],
    lateOrders: [],
    changedCalendars: [],
    asked: { seals: 0, waveReviews: 0 },
    wokenWaves: [],
    away: false,
    close: (workflowId) => void state.set(workflowId, 'closed'),
    forget: (workflowId) => void state.delete(workflowId),
    async start(journey, workflowId, input, about) {
      assertHere();
      const known = state.get(workflowId);
      if (known === 'running' || (known === 'closed' && !journeyKind(journey).mayRunAgain))
        return 'exists';
      state.set(workflowId, 'running');
      engine.starts.push({ journey, workflowId, input, ...about });
      return 'started';
    },
    async signal(workflowId, message) {
      assertHere();
      if (state.get(workflowId) !== 'running') return false;
      engine.signalled.push({ workflowId, message });
      return true;
    },
    async followMassSend(input) {
      assertHere();
      if (!engine.massSends.some(({ msgid }) => msgid === input.msgid))
        engine.massSends.push(input);
    },
    async withdrawMassSend(input, touchId) {
      assertHere();
      engine.withdrawn.push({ msgid: input.msgid, touchId });
    },
    async placeOrder(input) {
      assertHere();
      engine.lateOrders.push(input);
    },
    async reviewTasks(input) {
      assertHere();
      engine.reviews.push(input);
    },
    async startReconcile(workflowId, input) {
      assertHere();
      engine.reconciles.push({ workflowId, input });
    },
    async calendarChanged(calendarId) {
      assertHere();
      engine.changedCalendars.push(calendarId);
      state.set(calendarRunId(calendarId), 'running');
    },
    async sealNow() {
      assertHere();
      engine.asked.seals += 1;
    },
    async wakeWave(input) {
      assertHere();
      engine.wokenWaves.push(input);
    },
    async reviewWaves() {
      assertHere();
      engine.asked.waveReviews += 1;
    },
    async describe(workflowId): Promise<EngineRun | null> {
      assertHere();
      const known = state.get(workflowId);
      return known
        ? { workflowId, runId: 'run-1', status: known === 'running' ? 'running' : 'completed' }
        : null;
    },
    async ping() {
      assertHere();
    },
  };
  return engine;
}
