import { Client, Connection } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { until } from './reach';
import { type Stack, startStack } from './stack';
import { type WaveUnderKills, waveUnderKills } from './waveUnderKills';

const CONTACTS = 700;
const STEP = defineSearchAttributeKey('SopStep', SearchAttributeType.KEYWORD);
const METADATA = '__temporal_workflow_metadata';

jest.setTimeout(420_000);

let stack: Stack;
let wave: WaveUnderKills;
/** What the Temporal UI shows of the wave, before anything is killed. */
let page: WavePage;

interface WavePage {
  readonly workflowId: string;
  readonly step: string | undefined;
  readonly details: string;
}

/** Found as people find it: by its search attributes. */
async function pageOfWave({ taskQueue }: Stack): Promise<WavePage> {
  const connection = await Connection.connect({
    address: process.env.SOPFLOW_TEST_TEMPORAL_ADDRESS ?? '',
  });
  const { workflow } = new Client({ connection });
  const query = `SopJourney = 'wave' AND TaskQueue = '${taskQueue}'`;

  try {
    return await until('numbers of the wave in Temporal', async () => {
      for await (const { workflowId, typedSearchAttributes } of workflow.list({ query })) {
        const handle = workflow.getHandle(workflowId);
        const shown = await handle.query<{ currentDetails: string }>(METADATA);
        const step = typedSearchAttributes.get(STEP);
        const details = shown.currentDetails;
        // A page of the wave is at work: its numbers come with its end.
        if (details.includes('已送出 sent')) return { workflowId, step, details };
      }
      return null;
    });
  } finally {
    await connection.close();
  }
}

beforeAll(async () => {
  stack = await startStack('wave');
  const strike = async () => {
    page = await pageOfWave(stack);
    await Promise.all([stack.kill('server'), stack.kill('worker')]);
    await stack.start('worker');
    await stack.start('server');
  };
  wave = await waveUnderKills(
    { ...stack, strike },
    { contacts: CONTACTS, kills: 1, log: () => {} },
  );
});
afterAll(() => stack.stop());

describe('a wave whose worker and server are killed in its middle', () => {
  it('shows how far it is in the Temporal UI', () => {
    expect(page.workflowId).toBe(wave.waveId);
    expect(['walk', 'due']).toContain(page.step);
    expect(page.details).toMatch(/状态 state: \*\*进行中 running\*\*/);
    expect(page.details).toMatch(/\| 已送出 sent \| [1-9]\d* \|/);
  });

  it('brings every contact to its end', () => {
    expect(wave).toMatchObject({ kills: 1, numbers: { sent: CONTACTS, waiting: 0, failed: 0 } });
  });

  it('reaches every customer, and nobody twice', () => {
    expect(wave).toMatchObject({ received: CONTACTS, receivedTwice: 0, lost: 0 });
  });

  it('leaves a ledger that proves it', () => {
    expect(wave).toMatchObject({ violations: 0 });
  });
});
