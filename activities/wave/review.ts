// Open tasks of waves that somebody hastened: something has changed for their customers.

import { formatInstant } from '../../rules/time/instant';
import type { TouchContext } from '../touch/path';
import { lookAtTasks } from './tasks';
import { reopenWave } from './wave';

const PAGE = 500;

export async function reviewWaveTasks(context: TouchContext): Promise<{ readonly more: boolean }> {
  const { stores, clock } = context.deps;
  const due = await stores.waves.dueTasks(formatInstant(clock.now()), PAGE);

  for (const waveId of new Set(due.map((task) => task.waveId))) {
    const wave = await stores.waves.find(waveId);
    if (!wave) continue;

    const own = due.filter((task) => task.waveId === waveId);
    await lookAtTasks(await reopenWave(context, wave), own);
  }

  return { more: due.length === PAGE };
}
