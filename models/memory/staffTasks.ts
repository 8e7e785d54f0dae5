// Tasks of staff in memory.

import type {
  StaffTask,
  StaffTaskFilter,
  StaffTaskNumber,
  StaffTaskStore,
} from '../../ports/staffTasks';
import { referredId } from '../../rules/base/ids';
import { type StaffTaskAct, taskDueAt } from '../../rules/contact/staffTask';
import { isInCities } from './cities';
import { copy, sorted, take } from './copy';

export function createMemoryStaffTasks(): StaffTaskStore {
  const rows = new Map<string, StaffTask>();
  const untold = new Set<string>();
  const openOnes = () => [...rows.values()].filter(({ state }) => state === 'open');

  function act(taskId: string, done: StaffTaskAct): boolean {
    const known = rows.get(taskId);
    if (known?.state !== 'open') return false;
    rows.set(taskId, copy(after(known, done)));
    return true;
  }

  return {
    async open(tasks) {
      for (const task of tasks)
        if (!rows.has(task.taskId))
          rows.set(task.taskId, copy({ ...task, state: 'open', acts: [] }));
    },

    find: async (taskId) => copy(rows.get(taskId)) ?? null,

    list: async (filter) =>
      take([...rows.values()].sort(byDue), filter.limit, (task) => isListed(task, filter)),

    async act(taskId, done) {
      const isDone = act(taskId, done);
      if (isDone) untold.add(taskId);
      return isDone;
    },

    actOfRun: async (taskId, done) => act(taskId, done),

    expired: async (by, limit) =>
      openOnes()
        .filter(({ expiresAt }) => expiresAt <= by)
        .sort((a, b) => (a.expiresAt < b.expiresAt ? -1 : 1))
        .slice(0, limit)
        .map(copy),

    untold: async (after, limit) =>
      take(sorted(rows, after ?? ''), limit, ({ taskId }) => untold.has(taskId)),

    async told(taskId, acts) {
      if (rows.get(taskId)?.acts.length === acts) untold.delete(taskId);
    },

    numbers: async (sequenceId, scope) =>
      counted(
        [...rows.values()].filter(
          ({ origin, city }) =>
            (sequenceId === undefined || referredId(origin.sequence) === sequenceId) &&
            isInCities(city, scope?.cities),
        ),
      ),
  };
}

function after(task: StaffTask, act: StaffTaskAct): StaffTask {
  const acts = [...task.acts, act];
  if (act.did !== 'postponed') return { ...task, state: act.did, acts };
  return { ...task, acts, ...(act.until !== undefined && { postponedUntil: act.until }) };
}

const placeOf = (task: StaffTask): string => `${taskDueAt(task)} ${task.taskId}`;
const byDue = (a: StaffTask, b: StaffTask): number => (placeOf(a) < placeOf(b) ? -1 : 1);

function isListed(task: StaffTask, filter: StaffTaskFilter): boolean {
  const { cities, dueBefore, after: last } = filter;
  const sought = ['staffId', 'contactId', 'kind', 'state'] as const;

  return (
    sought.every((name) => filter[name] === undefined || filter[name] === task[name]) &&
    isInCities(task.city, cities) &&
    (dueBefore === undefined || taskDueAt(task) < dueBefore) &&
    (last === undefined || placeOf(task) > `${last.dueAt} ${last.taskId}`)
  );
}

function counted(tasks: readonly StaffTask[]): StaffTaskNumber[] {
  const numbers = new Map<string, StaffTaskNumber>();
  for (const { origin, state } of tasks) {
    const { sequence, step } = origin;
    const key = `${sequence} ${step} ${state}`;
    numbers.set(key, { sequence, step, state, count: (numbers.get(key)?.count ?? 0) + 1 });
  }

  return [...numbers.values()];
}
