// Deliveries in memory.

import type {
  DeliveryAnswer,
  DeliveryRecord,
  DeliveryStore,
  Opened,
  OpenedRef,
} from '../../ports/deliveries';
import { isOpenedBy, isReplacedBy, notOpenedBy } from '../openDeliveries';
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

    rows.set(ref.touchId, { ...known, answer: copy(answer) });
  }

  function notTaken(ref: OpenedRef): void {
    const known = openedBy(ref);
    if (!known) return;

    const { inDoubtSince: _, ...certain } = known;
    rows.set(ref.touchId, certain);
  }

  return {
    openMany: async (records) => records.map(open),
    answerMany: async (answers) => answers.forEach(answer),
    notTakenMany: async (refs) => refs.forEach(notTaken),

    find: async (touchId) => copy(rows.get(touchId)) ?? null,
    findMany: async (touchIds) => touchIds.flatMap((touchId) => copy(rows.get(touchId)) ?? []),
  };
}
