import { asyncLocalStorage, type Context } from '@temporalio/activity';
import type { WaveInput } from '../rules/calendar/wave';
import { createActivities } from '.';
import type { Activities } from './contract';
import type { WorkerDeps } from './deps';

afterEach(() => jest.useRealTimers());

/** Every question to a store is open until the test ends it. */
function slowDeps() {
  let end = (): void => {};
  const answer = new Promise<never>((_, reject) => {
    end = () => reject(new Error('over'));
  });
  const store = new Proxy({}, { get: () => () => answer });
  const stores = new Proxy({}, { get: () => store });
  return { deps: { stores, clock: { now: () => 0 } } as unknown as WorkerDeps, end };
}

const INPUT: WaveInput = {
  version: 1,
  ...{ calendarId: 'month', calendarVersion: 1, slotId: 'balance', date: '2026-03-02' },
};
type Paged = 'wavePage' | 'waveDuePage' | 'reviewWaveTasks';

it.each<Paged>(['wavePage', 'waveDuePage', 'reviewWaveTasks'])(
  '%s says every ten seconds that it lives, however long a store takes, and not once it is over',
  async (name) => {
    jest.useFakeTimers();
    const beats: number[] = [];
    const context = {
      heartbeat: () => beats.push(Date.now()),
      info: { attempt: 1, startToCloseTimeoutMs: 300_000, taskQueue: 'sopflow' },
      cancellationSignal: new AbortController().signal,
    } as unknown as Context;
    const { deps, end } = slowDeps();
    const call = createActivities(deps)[name] as Activities['wavePage'];

    const running = asyncLocalStorage.run(context, () => call(INPUT)).catch(() => 'failed');
    await jest.advanceTimersByTimeAsync(35_000);
    expect(beats).toHaveLength(3);

    end();
    await running;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(beats).toHaveLength(3);
  },
);
