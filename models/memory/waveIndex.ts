// The contacts of a wave in memory, by when they are due and by what became of them, so that no question walks through all of them.

import type { WaveContact, WaveNumber } from '../../ports/waves';

export interface WaveIndex {
  /** A contact has come in (`before` absent), or has changed. */
  put(before: WaveContact | undefined, after: WaveContact): void;
  /** ISO: when the one in that place (from 1) is due. */
  dueAt(place: number): string | null;
  /** Ids, the longest due first, then by id. */
  dueBy(until: string): string[];
  numbers(): WaveNumber[];
}

export function createWaveIndex(): WaveIndex {
  const due = new Map<string, Set<string>>();
  const counts = new Map<string, WaveNumber>();

  const count = ({ waveId, state, reason }: WaveContact, by: number): void => {
    const key = `${state} ${reason ?? ''}`;
    const known = counts.get(key)?.count ?? 0;
    const number = { waveId, state, ...(reason !== undefined && { reason }), count: known + by };
    if (number.count > 0) counts.set(key, number);
    else counts.delete(key);
  };

  return {
    put(before, after) {
      if (before) count(before, -1);
      count(after, 1);
      if (before?.dueAt === after.dueAt) return;

      if (before?.dueAt !== undefined) leave(due, before.dueAt, before.contactId);
      if (after.dueAt !== undefined) enter(due, after.dueAt, after.contactId);
    },

    dueAt(place) {
      let seen = 0;
      for (const instant of [...due.keys()].sort()) {
        seen += due.get(instant)?.size ?? 0;
        if (seen >= place) return instant;
      }
      return null;
    },

    dueBy: (until) =>
      [...due.keys()]
        .filter((instant) => instant <= until)
        .sort()
        .flatMap((instant) => [...(due.get(instant) ?? [])].sort()),

    numbers: () => [...counts.values()],
  };
}

function enter(due: Map<string, Set<string>>, instant: string, contactId: string): void {
  const known = due.get(instant);
  if (known) known.add(contactId);
  else due.set(instant, new Set([contactId]));
}

function leave(due: Map<string, Set<string>>, instant: string, contactId: string): void {
  const known = due.get(instant);
  known?.delete(contactId);
  if (known?.size === 0) due.delete(instant);
}
