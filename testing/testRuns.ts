// Runs of the workflows over scripted answers, each with a clock of its own that the test moves.

import { randomUUID } from 'node:crypto';
import { DateTime, type DurationLikeObject } from 'luxon';
import type { ContactEvent, JourneyResult, RunProgress } from '../rules/journey/messages';
import { createJourneyEnvironment } from './journeyEnvironment';
import {
  type ActivityCall,
  type AskedTouch,
  createScriptedActivities,
  type Script,
  type ScriptedActivities,
} from './scriptedActivities';
import type { TimedRun } from './timedRun';

/** Far enough ahead that the system's clock never overtakes it. A Monday, 10:00 in Shanghai. */
export const MONDAY_TEN = '2090-03-06T10:00:00+08:00';

export interface TestRuns {
  /** @param at ISO: when the run begins */
  start(workflow: string, input: object, script?: Script, at?: string): Promise<TestRun>;
}

export interface TestRun extends TimedRun {
  /** Moves the run's clock; everything that falls due on the way has happened when this resolves. */
  later(by: DurationLikeObject): Promise<void>;
  /** Something that the customer did; `at` defaults to the run's now. */
  customer(event: Omit<ContactEvent, 'at'> & { readonly at?: string }): Promise<void>;
  /** What became of the touch of a step: staff confirmed, a receipt came. */
  settled(step: string, settled: 'sent' | 'released', why?: string): Promise<void>;
  /** Lets the clock go; the outcome of the run. */
  end(): Promise<string>;

  /** Every touch that was asked, as `2090-03-06 10:00 · bill · wecom bill-balance@1 · sent`, in the run's own time and zone. */
  touches(): string[];
  /** `step#attempt` of every touch that was asked, once for each time it was asked. */
  asked(): string[];
  /** What an activity was called with, in order. */
  inputs(activity: ActivityCall['activity']): unknown[];
  calls(): readonly ActivityCall[];
  progress(): Promise<RunProgress>;
  /** Types of the workflows it started. */
  childTypes(): Promise<string[]>;
  /** Events of the history but those that only a skipped clock leaves behind. */
  eventCount(): Promise<number>;
}

/** @param address host:port; default: the server that the test run has started */
export async function openTestRuns(
  address = process.env.SOPFLOW_TEST_TEMPORAL_ADDRESS,
): Promise<TestRuns & { close(): Promise<void> }> {
  if (!address)
    throw new Error(
      'SOPFLOW_TEST_TEMPORAL_ADDRESS names no Temporal server: run the tests through npm test',
    );

  const scripted = createScriptedActivities();
  const journeys = await createJourneyEnvironment({
    address,
    workflows: { path: require.resolve('../workflows/index') },
    activities: scripted.activities,
  });

  return {
    async start(workflow, input, script = {}, at = MONDAY_TEN) {
      const entry = randomUUID();
      const given = { version: 1, contactId: 'c-1', entry, ...input };
      const workflowId =
        'workflowId' in given ? String(given.workflowId) : `${workflow}/c-1/${entry}`;

      scripted.prepare(workflowId, script);
      const run = await journeys.start(workflow, { workflowId, args: [given], at });

      return createTestRun(run, scripted, script.timezone ?? 'Asia/Shanghai');
    },
    close: () => journeys.close(),
  };
}

function createTestRun(run: TimedRun, scripted: ScriptedActivities, zone: string): TestRun {
  const { workflowId } = run;
  const calls = () => scripted.calls(workflowId);
  const inputs = (activity: ActivityCall['activity']) =>
    calls().flatMap((call) => (call.activity === activity ? [call.input] : []));
  const events = async () => ((await run.history()) as History).events;

  return {
    ...run,
    later: (by) => run.advance(by),
    customer: async (event) => run.signal('contact', { at: await run.now(), ...event }),
    settled: (step, settled, why) =>
      run.signal('settled', {
        touchId: `${workflowId}/${step}`,
        settled,
        ...(why !== undefined && { why }),
      }),
    end: async () => (await run.runToEnd<JourneyResult>()).outcome,

    touches: () => scripted.touches(workflowId).map((touch) => lineOf(touch, zone)),
    asked: () =>
      (inputs('touch') as AskedTouch['input'][]).map(({ step, attempt }) => `${step}#${attempt}`),
    inputs,
    calls,
    progress: () => run.query('progress'),
    childTypes: async () =>
      (await events()).flatMap(
        (event) => event.childWorkflowExecutionStartedEventAttributes?.workflowType.name ?? [],
      ),
    eventCount: async () =>
      (await events()).filter(({ eventType }) => !SKIPPING.test(eventType)).length,
  };
}

function lineOf({ input, verdict, at }: AskedTouch, zone: string): string {
  const when = DateTime.fromISO(at, { zone }).toFormat('yyyy-MM-dd HH:mm');
  return `${when} · ${input.step} · ${input.channel} ${input.template} · ${verdict.verdict}`;
}

/** The part of a protobuf-JSON history that tests look at. */
interface History {
  readonly events: readonly {
    readonly eventType: string;
    readonly childWorkflowExecutionStartedEventAttributes?: {
      readonly workflowType: { readonly name: string };
    };
  }[];
}

const SKIPPING = /TIME_SKIPPING|OPTIONS_UPDATED/;
