// The workflows under test over scripted activities, on the Temporal server that the test run has started.

import { randomUUID } from 'node:crypto';
import type { JourneyResult, RunProgress } from '../../rules/journey/messages';
import { createJourneyEnvironment, type JourneyRun } from './journeys';
import { type Call, createStage, type Script } from './stage';

/** Far enough ahead that the system's clock never overtakes it. A Monday, 10:00 in Shanghai. */
export const MONDAY_TEN = '2090-03-06T10:00:00+08:00';

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

export interface Play extends JourneyRun {
  progress(): Promise<RunProgress>;
  calls(): readonly Call[];
  asked(): string[];
  /** What an activity was called with, in order. */
  inputs(verb: Call['verb']): unknown[];
  /** Events of the history but those that only a skipped clock leaves behind. */
  eventCount(): Promise<number>;
  /** Types of the children it started. */
  childTypes(): Promise<string[]>;
  end(): Promise<string>;
}

export interface Theatre {
  play(workflow: string, input: object, script?: Script, at?: string): Promise<Play>;
  close(): Promise<void>;
}

/** @param address host:port; default: the server that the test run has started. */
export async function openTheatre(
  address = process.env.SOPFLOW_TEST_TEMPORAL_ADDRESS,
): Promise<Theatre> {
  if (!address)
    throw new Error(
      'SOPFLOW_TEST_TEMPORAL_ADDRESS names no Temporal server: run the tests through npm test',
    );
  const stage = createStage();
  const workflows = { path: require.resolve('../../workflows/index') };
  const journeys = await createJourneyEnvironment({
    address,
    workflows,
    activities: stage.activities,
  });
  return {
    async play(workflow, input, script = {}, at = MONDAY_TEN) {
      const entry = randomUUID();
      const given = { version: 1, contactId: 'c-1', entry, ...input };
      const workflowId =
        'workflowId' in given ? String(given.workflowId) : `${workflow}/c-1/${entry}`;
      stage.script(workflowId, script);
      const args = [given];
      const run = await journeys.start(workflow, { workflowId, args, at });
      return {
        ...run,
        progress: () => run.query('progress'),
        calls: () => stage.calls(workflowId),
        asked: () => stage.asked(workflowId),
        inputs: (verb) =>
          stage.calls(workflowId).flatMap((call) => (call.verb === verb ? [call.input] : [])),
        async eventCount() {
          const { events } = (await run.history()) as History;
          return events.filter(({ eventType }) => !SKIPPING.test(eventType)).length;
        },
        async childTypes() {
          const { events } = (await run.history()) as History;
          return events.flatMap(
            ({ childWorkflowExecutionStartedEventAttributes: started }) =>
              started?.workflowType.name ?? [],
          );
        },
        end: async () => (await run.runToEnd<JourneyResult>()).outcome,
      };
    },
    close: () => journeys.close(),
  };
}
