// What the store of tasks of staff promises.

import type { NewStaffTask, StaffTask } from '../../ports/staffTasks';
import type { StaffTaskAct } from '../../rules/contact/staffTask';
import { AT, hoursAfter, type Make } from './builders';

const aTask = (taskId = 'k-1', fields: Partial<NewStaffTask> = {}): NewStaffTask => ({
  taskId,
  contactId: 'c-1',
  city: 'guangzhou',
  staffId: 's-1',
  kind: 'task',
  origin: { sequence: 'new-friend@2', workflowId: 'sequence/new-friend/c-1/e', step: 'day-3' },
  words: { scene: 'first-visit' },
  openedAt: AT,
  dueAt: AT,
  dueBy: hoursAfter(4),
  expiresAt: hoursAfter(48),
  ...fields,
});

const anAct = (did: StaffTaskAct['did'], fields: Partial<StaffTaskAct> = {}): StaffTaskAct => ({
  did,
  by: 's-1',
  at: hoursAfter(1),
  ...fields,
});

const idsOf = (tasks: readonly StaffTask[]) => tasks.map(({ taskId }) => taskId);

export function describeStaffTaskStoreContract(name: string, make: Make): void {
  describe(`tasks of staff ${name}`, () => {
    const tasks = async (...given: readonly NewStaffTask[]) => {
      const { staffTasks } = await make();
      await staffTasks.open(given);
      return staffTasks;
    };

    it('keep the first opening of a task, whoever opens it again', async () => {
      const store = await tasks(aTask());
      await store.open([aTask('k-1', { dueAt: hoursAfter(9) }), aTask('k-2')]);
      expect(await store.find('k-1')).toEqual({ ...aTask(), state: 'open', acts: [] });
      expect(await store.find('k-2')).toMatchObject({ state: 'open' });
      expect(await store.find('k-3')).toBeNull();
    });

    it('end by one act, however many people end them at once', async () => {
      const store = await tasks(aTask());
      const acts = [anAct('done'), anAct('not-reached', { by: 's-2', note: 'no answer' })];
      const held = await Promise.all(acts.map((act) => store.act('k-1', act)));
      expect(held.filter(Boolean)).toHaveLength(1);

      const winner = acts[held.indexOf(true)];
      expect(await store.find('k-1')).toMatchObject({ state: winner?.did, acts: [winner] });
      expect(await store.act('k-1', anAct('postponed', { until: hoursAfter(2) }))).toBe(false);
      expect(await store.act('unknown', anAct('done'))).toBe(false);
    });

    it('stay open when they are postponed, and keep every act', async () => {
      const store = await tasks(aTask());
      const acts = [
        anAct('postponed', { until: hoursAfter(5) }),
        anAct('postponed', { until: hoursAfter(7), by: 's-2' }),
        anAct('missed', { by: 'sopflow' }),
      ];
      expect(await store.act('k-1', acts[0] as StaffTaskAct)).toBe(true);
      expect(await store.find('k-1')).toMatchObject({
        ...{ state: 'open', dueAt: AT, postponedUntil: hoursAfter(5) },
      });
      for (const act of acts.slice(1)) await store.act('k-1', act);
      expect(await store.find('k-1')).toMatchObject({ state: 'missed', acts });
    });

    it('are listed by member, city, kind, state and contact', async () => {
      const store = await tasks(
        aTask('a'),
        aTask('b', { staffId: 's-2', contactId: 'c-2' }),
        aTask('c', { city: 'foshan', kind: 'call' }),
      );
      await store.act('b', anAct('done'));
      const listed = async (filter: object) => idsOf(await store.list({ limit: 10, ...filter }));
      expect(await listed({})).toEqual(['a', 'b', 'c']);
      expect(await listed({ staffId: 's-2' })).toEqual(['b']);
      expect(await listed({ contactId: 'c-2' })).toEqual(['b']);
      expect(await listed({ cities: ['foshan'] })).toEqual(['c']);
      expect(await listed({ cities: [] })).toEqual([]);
      expect(await listed({ kind: 'call' })).toEqual(['c']);
      expect(await listed({ state: 'done' })).toEqual(['b']);
      expect(await listed({ state: 'open', staffId: 's-1', cities: ['guangzhou'] })).toEqual(['a']);
    });

    it('are listed by when they are to be done, a postponed one by its new time, page by page', async () => {
      const store = await tasks(
        aTask('late', { dueAt: hoursAfter(3) }),
        aTask('b'),
        aTask('a'),
        aTask('postponed'),
      );
      await store.act('postponed', anAct('postponed', { until: hoursAfter(2) }));

      const order = ['a', 'b', 'postponed', 'late'];
      expect(idsOf(await store.list({ limit: 10 }))).toEqual(order);
      expect(idsOf(await store.list({ limit: 10, dueBefore: hoursAfter(2) }))).toEqual(['a', 'b']);
      expect(idsOf(await store.list({ limit: 1, after: { dueAt: AT, taskId: 'a' } }))).toEqual([
        'b',
      ]);
      const place = { dueAt: hoursAfter(2), taskId: 'postponed' };
      expect(idsOf(await store.list({ limit: 10, after: place }))).toEqual(['late']);
    });

    it('are found once they have expired, until they are missed', async () => {
      const store = await tasks(
        aTask('b', { expiresAt: hoursAfter(2) }),
        aTask('a', { expiresAt: hoursAfter(3) }),
        aTask('later'),
      );
      expect(idsOf(await store.expired(hoursAfter(3), 10))).toEqual(['b', 'a']);
      expect(idsOf(await store.expired(hoursAfter(3), 1))).toEqual(['b']);
      await store.act('b', anAct('missed'));
      expect(idsOf(await store.expired(hoursAfter(3), 10))).toEqual(['a']);
    });

    it('are to be told of until they were, also of what is done in between', async () => {
      const store = await tasks(aTask('a'), aTask('b'), aTask('c'), aTask('untouched'));
      await store.act('a', anAct('postponed', { until: hoursAfter(2) }));
      await store.act('b', anAct('done'));
      await store.actOfRun('c', anAct('missed'));
      expect(idsOf(await store.untold(null, 10))).toEqual(['a', 'b']);
      expect(idsOf(await store.untold('a', 10))).toEqual(['b']);
      expect(idsOf(await store.untold(null, 1))).toEqual(['a']);

      await store.act('a', anAct('done'));
      await store.told('a', 1);
      await store.told('b', 1);
      expect(idsOf(await store.untold(null, 10))).toEqual(['a']);
      await store.told('a', 2);
      expect(await store.untold(null, 10)).toEqual([]);
    });

    it('are counted by version, step and state, of one sequence or all', async () => {
      const other = { sequence: 'new-friend@3', workflowId: 'w', step: 'day-3' };
      const store = await tasks(
        aTask('a'),
        aTask('b'),
        aTask('c', { origin: other }),
        aTask('d', { origin: { ...other, sequence: 'silent@1' }, city: 'foshan' }),
      );
      await store.act('b', anAct('done'));

      const expected = [
        { sequence: 'new-friend@2', step: 'day-3', state: 'open', count: 1 },
        { sequence: 'new-friend@2', step: 'day-3', state: 'done', count: 1 },
        { sequence: 'new-friend@3', step: 'day-3', state: 'open', count: 1 },
      ];
      const numbers = await store.numbers('new-friend');
      expect(numbers).toHaveLength(3);
      expect(numbers).toEqual(expect.arrayContaining(expected));
      expect(await store.numbers()).toHaveLength(4);
      expect(await store.numbers(undefined, { cities: ['foshan'] })).toMatchObject([
        { sequence: 'silent@1' },
      ]);
      expect(await store.numbers('new')).toEqual([]);
    });
  });
}
