// Deliveries in memory.

import type {
  DeliveryAnswer,
  DeliveryRecord,
  DeliveryStore,
  Opened,
  OpenedRef,
} from '../../ports/deliveries';
import { CodedError } from '../../rules/base/errors';
import { isReplacedBy } from '../reopening';
import { copy } from './copy';

export function createMemoryDeliveries(): DeliveryStore {
  const rows = new Map<string, DeliveryRecord>();

  function open(record: DeliveryRecord): Opened {
    const known = rows.get(record.touchId);
    if (known && !isReplacedBy(known, record)) return { opened: false, record: copy(known) };

    rows.set(record.touchId, copy(record));
    return { opened: true, record: copy(record) };
  }

  function answer({ touchId, attempt, fence = 0, answer }: DeliveryAnswer): void {
    const known = rows.get(touchId);
    if (known?.attempt !== attempt || (known.fence ?? 0) !== fence)
      throw new CodedError(
        'CONFLICT',
        `attempt ${attempt} of touch ${touchId} is not the one being delivered`,
      );

    rows.set(touchId, { ...known, answer: copy(answer) });
  }

  function notTaken({ touchId, attempt, fence = 0 }: OpenedRef): void {
    const known = rows.get(touchId);
    if (known?.attempt !== attempt || (known.fence ?? 0) !== fence) return;

    const { inDoubtSince: _, ...certain } = known;
    rows.set(touchId, certain);
  }

  return {
    openMany: async (records) => records.map(open),
    answerMany: async (answers) => answers.forEach(answer),
    notTakenMany: async (refs) => refs.forEach(notTaken),

    find: async (touchId) => copy(rows.get(touchId)) ?? null,
    findMany: async (touchIds) => touchIds.flatMap((touchId) => copy(rows.get(touchId)) ?? []),
  };
}
