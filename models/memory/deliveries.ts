// Deliveries in memory.

import type {
  DeliveryAnswer,
  DeliveryRecord,
  DeliveryStore,
  Opened,
  OpenedRef,
  OpenTaskRecord,
  OpenTasksFilter,
  RewordedTask,
} from '../../ports/deliveries';
import { answeredBy, isOpenedBy, isReplacedBy, notOpenedBy } from '../openDeliveries';
import { copy } from './copy';

type Rows = Map<string, DeliveryRecord>;

export function createMemoryDeliveries(): DeliveryStore {
  const rows: Rows = new Map();

  return {
    openMany: async (records) => records.map((record) => open(rows, record)),
    answerMany: async (answers) => {
      for (const each of answers) answer(rows, each);
    },
    notTakenMany: async (refs) => {
      for (const ref of refs) notTaken(rows, ref);
    },

    openTasks: async (filter) => openTasks(rows, filter),
    countOpenTasks: async (openTask) => having(rows, (each) => each.openTask === openTask).length,
    closeTasks: async (touchIds) => {
      for (const touchId of touchIds) closeTask(rows, touchId);
    },
    reopenTasks: async (touchIds, openTask, at) => {
      for (const touchId of touchIds) reopenTask(rows, touchId, openTask, at);
    },

    rewordTasks: async (tasks, openTask, at) => {
      for (const task of tasks) rewordTask(rows, task, openTask, at);
    },

    find: async (touchId) => copy(rows.get(touchId)) ?? null,
    findMany: async (touchIds) => touchIds.flatMap((touchId) => copy(rows.get(touchId)) ?? []),
    removeBefore: async (before, limit) => {
      const old = having(rows, (each) => each.askedAt < before && !isOpenTask(each));
      const gone = old.slice(0, limit);
      for (const { touchId } of gone) rows.delete(touchId);
      return gone.length;
    },
    ofContact: async (contactId) => having(rows, (record) => record.contactId === contactId),
    ofChannelRefs: async (channelRefs) =>
      having(rows, (record) => refsOf(record).some((ref) => channelRefs.includes(ref))),
    toCustomers: async (externalUserIds, askedSince) =>
      having(
        rows,
        ({ externalUserId = '', askedAt }) =>
          externalUserIds.includes(externalUserId) && askedAt >= askedSince,
      ),
  };
}

const having = (rows: Rows, isAsked: (record: DeliveryRecord) => boolean): DeliveryRecord[] =>
  [...rows.values()].filter(isAsked).map(copy);

function open(rows: Rows, record: DeliveryRecord): Opened {
  const known = rows.get(record.touchId);
  if (known && !isReplacedBy(known, record)) return { opened: false, record: copy(known) };

  rows.set(record.touchId, copy(record));
  return { opened: true, record: copy(record) };
}

function openedBy(rows: Rows, ref: OpenedRef): DeliveryRecord | undefined {
  const known = rows.get(ref.touchId);
  return isOpenedBy(known, ref) ? known : undefined;
}

function answer(rows: Rows, { answer, ...ref }: DeliveryAnswer): void {
  const known = openedBy(rows, ref);
  if (!known) throw notOpenedBy(ref);

  const { openTask: _, ...record } = known;
  rows.set(ref.touchId, { ...record, ...answeredBy(copy(answer)) });
}

function notTaken(rows: Rows, ref: OpenedRef): void {
  const known = openedBy(rows, ref);
  if (!known) return;

  const { inDoubtSince: _, ...certain } = known;
  rows.set(ref.touchId, certain);
}

function openTasks(
  rows: Rows,
  { openTask, contactIds, replaces, after, limit }: OpenTasksFilter,
): OpenTaskRecord[] {
  const found = [...rows.values()]
    .filter(isOpenTask)
    .filter(
      (record) =>
        (openTask === undefined || record.openTask === openTask) &&
        (replaces === undefined || record.replaces === replaces) &&
        (contactIds === undefined || contactIds.includes(record.contactId)) &&
        (after === undefined || compareTasks(after, record) < 0),
    );

  return found.sort(compareTasks).slice(0, limit).map(copy);
}

function closeTask(rows: Rows, touchId: string): void {
  const { openTask: _, ...record } = rows.get(touchId) ?? {};
  if ('touchId' in record) rows.set(touchId, record);
}

function reopenTask(rows: Rows, touchId: string, openTask: string, at: number): void {
  const known = rows.get(touchId);
  if (known?.openTask !== openTask) return;

  const { answer: _, ...record } = known;
  const asked = known.replaces === openTask ? {} : { replaces: openTask, askedAt: at };
  rows.set(touchId, { ...record, ...asked, inDoubtSince: at });
}

function rewordTask(
  rows: Rows,
  { touchId, text, template }: RewordedTask,
  openTask: string,
  at: number,
): void {
  const known = rows.get(touchId);
  if (known?.openTask !== openTask || known.replaces === openTask) return;

  rows.set(touchId, { ...known, text, ...(template !== undefined && { template }) });
  reopenTask(rows, touchId, openTask, at);
}

const isOpenTask = (record: DeliveryRecord): record is OpenTaskRecord =>
  record.openTask !== undefined;

type TaskPlace = Pick<OpenTaskRecord, 'openTask' | 'touchId'>;

const compareTasks = (a: TaskPlace, b: TaskPlace): number =>
  compare(a.openTask, b.openTask) || compare(a.touchId, b.touchId);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const refsOf = ({ answer, replaces }: DeliveryRecord): readonly string[] => [
  ...(answer && 'channelRef' in answer ? [answer.channelRef] : []),
  ...(replaces === undefined ? [] : [replaces]),
];
