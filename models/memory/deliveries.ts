// Deliveries in memory.

import type {
  DeliveryAnswer,
  DeliveryRecord,
  DeliveryStore,
  Opened,
  OpenedRef,
  OpenTaskRecord,
  OpenTasksFilter,
} from '../../ports/deliveries';
import { answeredBy, isOpenedBy, isReplacedBy, notOpenedBy } from '../openDeliveries';
import { copy } from './copy';

export function createMemoryDeliveries(): DeliveryStore {
  const rows = new Map<string, DeliveryRecord>();

  function open(record: DeliveryRecord): Opened {
    const known = rows.get(record.touchId);
    if (known && !isReplacedBy(known, record)) return { opened: false, record: copy(known) };

    rows.set(record.touchId, copy(record));
    return { opened: true, record: copy(record) };
  }

  function openedBy(ref: OpenedRef): DeliveryRecord | undefined {
    const known = rows.get(ref.touchId);
    return isOpenedBy(known, ref) ? known : undefined;
  }

  function answer({ answer, ...ref }: DeliveryAnswer): void {
    const known = openedBy(ref);
    if (!known) throw notOpenedBy(ref);

    const { openTask: _, ...record } = known;
    rows.set(ref.touchId, { ...record, ...answeredBy(copy(answer)) });
  }

  function notTaken(ref: OpenedRef): void {
    const known = openedBy(ref);
    if (!known) return;

    const { inDoubtSince: _, ...certain } = known;
    rows.set(ref.touchId, certain);
  }

  function openTasks({
    openTask,
    contactIds,
    replaces,
    after,
    limit,
  }: OpenTasksFilter): OpenTaskRecord[] {
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

  function closeTask(touchId: string): void {
    const { openTask: _, ...record } = rows.get(touchId) ?? {};
    if ('touchId' in record) rows.set(touchId, record);
  }

  function reopenTask(touchId: string, openTask: string, at: number): void {
    const known = rows.get(touchId);
    if (known?.openTask !== openTask) return;

    const { answer: _, ...record } = known;
    const asked = known.replaces === openTask ? {} : { replaces: openTask, askedAt: at };
    rows.set(touchId, { ...record, ...asked, inDoubtSince: at });
  }

  const all = (isAsked: (record: DeliveryRecord) => boolean): DeliveryRecord[] =>
    [...rows.values()].filter(isAsked).map(copy);

  return {
    openMany: async (records) => records.map(open),
    answerMany: async (answers) => answers.forEach(answer),
    notTakenMany: async (refs) => refs.forEach(notTaken),

    openTasks: async (filter) => openTasks(filter),
    countOpenTasks: async (openTask) =>
      [...rows.values()].filter((record) => record.openTask === openTask).length,
    closeTasks: async (touchIds) => touchIds.forEach(closeTask),
    reopenTasks: async (touchIds, openTask, at) => {
      for (const touchId of touchIds) reopenTask(touchId, openTask, at);
    },

    find: async (touchId) => copy(rows.get(touchId)) ?? null,
    findMany: async (touchIds) => touchIds.flatMap((touchId) => copy(rows.get(touchId)) ?? []),
    ofChannelRefs: async (channelRefs) =>
      all((record) => refsOf(record).some((ref) => channelRefs.includes(ref))),
    toCustomers: async (externalUserIds, askedSince) =>
      all(
        ({ externalUserId = '', askedAt }) =>
          externalUserIds.includes(externalUserId) && askedAt >= askedSince,
      ),
  };
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
