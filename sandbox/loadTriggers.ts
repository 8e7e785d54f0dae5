// The demo's triggers are enabled as a city would do it: drafted, played over the events there are, and enabled on what that found.

import { setTimeout as delay } from 'node:timers/promises';
import type { Ask } from './ask';

export interface DemoTrigger {
  readonly id: string;
  readonly body: object;
}

/** As the API shows it. */
interface Shown {
  readonly newest: number;
  readonly enabled: number | null;
  readonly acts: readonly object[];
}

const LOOK_MS = 100;

/** Leaves alone what somebody has enabled or disabled, and takes up again what a start before this one has left as a draft. */
export async function enableTriggers(
  api: Ask,
  triggers: readonly DemoTrigger[],
  log: (line: string) => void,
): Promise<void> {
  for (const trigger of triggers) {
    const path = `/api/v1/triggers/${trigger.id}`;
    const known = ((await api('GET', path)) ?? (await draft(api, trigger, path))) as Shown; // the API's own contract
    if (known.acts.length > 0) continue;

    try {
      await backtest(api, `${path}/versions/${known.newest}`);
      await api('POST', `${path}/versions/${known.newest}:enable`, { reason: '演示 · demo' });
      log(`商机规则 ${trigger.id} 已启用 · the trigger ${trigger.id} is enabled`);
    } catch (error) {
      // What is published may be of an earlier release, or somebody's own.
      log(`商机规则未启用 · the trigger is not enabled: ${(error as Error).message}`);
    }
  }
}

async function draft(api: Ask, { id, body }: DemoTrigger, path: string): Promise<unknown> {
  await api('POST', '/api/v1/triggers', { id, body });
  return await api('GET', path);
}

async function backtest(api: Ask, version: string): Promise<void> {
  let job = (await api('POST', `${version}:backtest`, {})) as { id: string; state: string };
  while (job.state === 'running') {
    await delay(LOOK_MS);
    job = (await api('GET', `/api/v1/trigger-backtests/${job.id}`)) as typeof job;
  }
}
