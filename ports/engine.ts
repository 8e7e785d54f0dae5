// The engine that runs journeys, as the API and the activities see it.

import type { WaveInput } from '../rules/calendar/wave';
import type { InputOf, JourneyKind } from '../rules/journey/kinds';
import type {
  JourneyMessage,
  LateOrderInput,
  MassSendInput,
  ReconcileInput,
  RunProgress,
  TaskReviewInput,
} from '../rules/journey/messages';

export interface PendingStep {
  readonly activity: string;
  readonly attempt: number;
  readonly failure?: string;
}

export interface EngineRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly status: 'running' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed-out';
  readonly outcome?: string;
  readonly progress?: RunProgress;
  /** Steps that are being tried, and why the last try failed: what a run waits for that stands still. */
  readonly pending?: readonly PendingStep[];
  readonly link?: string;
}

export interface Engine {
  /** Starts a journey under its id. `exists`: a run of this id is going, or once went and may not go again. */
  start<K extends JourneyKind>(
    journey: K,
    workflowId: string,
    input: InputOf<K>,
    /** What people search runs by. */
    about?: { readonly city: string },
  ): Promise<'started' | 'exists'>;
  /** False: no such run is going. A wave is none: it looks after its touches by the page, and is told of none of them. */
  signal(workflowId: string, message: JourneyMessage): Promise<boolean>;
  /** Follows a mass send to its end; repeats are harmless. */
  followMassSend(input: MassSendInput): Promise<void>;
  /** Tells whoever follows it that a touch was taken back; follows it first when nobody does. */
  withdrawMassSend(input: MassSendInput, touchId: string): Promise<void>;
  /** Places an order for an acceptance that no run took, however long the CRM is away; repeats are harmless. */
  placeOrder(input: LateOrderInput): Promise<void>;
  /** Has open tasks judged again once these rules are in force. Comes before they are published, so that no crash can part the two. */
  reviewTasks(input: TaskReviewInput): Promise<void>;
  /** Reads the channels' own records back, under this id; repeats are harmless. */
  startReconcile(workflowId: string, input: ReconcileInput): Promise<void>;
  /** Tells the run of a calendar that its life has changed; starts it when there is none. Repeats are harmless. */
  calendarChanged(calendarId: string): Promise<void>;
  /** Has the hours that are over sealed now. */
  sealNow(): Promise<void>;
  /** Has a wave look at its record again; one that had ended goes on with what it now has to do. */
  wakeWave(input: WaveInput): Promise<void>;
  /** Has the open tasks of waves that were hastened judged again; repeats are harmless. */
  reviewWaves(): Promise<void>;
  describe(workflowId: string): Promise<EngineRun | null>;
  /** Throws when the engine cannot be reached. */
  ping(): Promise<void>;
}
