import { createMemoryStores } from '../models/memory/stores';
import type { Sequence } from '../rules/sequence/sequence';
import { crashAt } from '../test/fakes/crash';
import type { OpenTaskInput } from './contract';
import { endStaffTasks, openStaffTask } from './staffTask';

const NOW = '2026-03-02T02:00:00.000Z';
const RUN = { workflowId: 'sequence/c-1/new-friend' };
const TASK_ID = 'sequence/c-1/new-friend/e/day-3';
const SEQUENCE: Sequence = {
  start: { kind: 'added' },
  reentry: 'never',
  steps: [
    {
      ...{ id: 'day-3', day: 3, window: { from: '09:00', to: '18:00' } },
      do: { kind: 'call', template: 'hello', scene: 'first-visit', product: 'p-58' },
    },
  ],
};
const TASK: OpenTaskInput = {
  ...{ taskId: TASK_ID, kind: 'call', contactId: 'c-1', staffId: 's-1' },
  ...{ sequence: 'new-friend@1', step: 'day-3', dueAt: NOW, dueBy: NOW },
  expiresAt: '2026-03-04T02:00:00.000Z',
};

async function withContact() {
  const stores = createMemoryStores();
  await stores.contacts.upsertMany([{ contactId: 'c-1', city: 'foshan' }]);
  await stores.sequences.draft('new-friend', SEQUENCE, 'ann', NOW);
  const time = { now: NOW };
  return { stores, time, clock: { now: () => Date.parse(time.now) } };
}

it('opens a task once, with the words of its step and the city of the contact', async () => {
  const deps = await withContact();
  await openStaffTask(deps, RUN, TASK);
  await openStaffTask(deps, RUN, { ...TASK, dueAt: TASK.expiresAt });

  const { sequence, step, ...kept } = TASK;
  expect(await deps.stores.staffTasks.find(TASK_ID)).toEqual({
    ...{ ...kept, city: 'foshan', origin: { sequence, step, ...RUN } },
    words: { template: 'hello', scene: 'first-visit', product: 'p-58' },
    ...{ openedAt: NOW, state: 'open', acts: [] },
  });
});

it('opens a task whose version cannot be found without words, and none for a stranger', async () => {
  const deps = await withContact();
  await openStaffTask(deps, RUN, { ...TASK, sequence: 'gone@9' });
  expect(await deps.stores.staffTasks.find(TASK_ID)).not.toHaveProperty('words');
  await expect(openStaffTask(deps, RUN, { ...TASK, contactId: 'c-9' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

it('ends what is open; what a member did first stands', async () => {
  const deps = await withContact();
  const { staffTasks } = deps.stores;
  for (const taskId of ['a', 'b']) await openStaffTask(deps, RUN, { ...TASK, taskId });
  await staffTasks.act('a', { did: 'done', by: 's-1', at: NOW });

  deps.time.now = '2026-03-04T02:00:00.000Z';
  const end = { contactId: 'c-1', taskIds: ['a', 'b', 'never-opened'], as: 'missed' } as const;
  const ends = [
    { taskId: 'a', outcome: 'done', at: NOW },
    { taskId: 'b', outcome: 'missed', at: deps.time.now },
  ];
  expect(await endStaffTasks(deps, end)).toEqual(ends);
  expect(await endStaffTasks(deps, { ...end, as: 'cancelled' })).toEqual(ends);
});

it('is ended the same way after a crash at any step', async () => {
  for (let step = 1; step <= 4; step++)
    for (const moment of ['before', 'after'] as const) {
      const deps = await withContact();
      for (const taskId of ['a', 'b']) await openStaffTask(deps, RUN, { ...TASK, taskId });
      const end = { contactId: 'c-1', taskIds: ['a', 'b'], as: 'cancelled' } as const;
      const staffTasks = crashAt(step, moment).wrap(deps.stores.staffTasks);
      const dying = { ...deps, stores: { ...deps.stores, staffTasks } };
      await expect(endStaffTasks(dying, end)).rejects.toThrow(/step/);

      const outcomes = (await endStaffTasks(deps, end)).map(({ outcome }) => outcome);
      expect(outcomes).toEqual(['cancelled', 'cancelled']);
      expect((await deps.stores.staffTasks.find('a'))?.acts).toHaveLength(1);
    }
});
