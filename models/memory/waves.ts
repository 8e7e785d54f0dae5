// Waves in memory.

import type { WaveContact, WaveNumber, WaveRecord, WaveStore } from '../../ports/waves';
import { isInCities } from './cities';
import { copy, sorted, take } from './copy';
import { createWaveIndex, type WaveIndex } from './waveIndex';

interface WaveRows {
  readonly waves: Map<string, WaveRecord>;
  /** By wave, then by contact. */
  readonly contacts: Map<string, Map<string, WaveContact>>;
  /** By wave. */
  readonly indexes: Map<string, WaveIndex>;
}

export function createMemoryWaves(): WaveStore {
  const state: WaveRows = { waves: new Map(), contacts: new Map(), indexes: new Map() };
  const { waves } = state;

  return {
    async open(wave) {
      if (!waves.has(wave.waveId)) waves.set(wave.waveId, copy(wave));
      return copy(waves.get(wave.waveId) ?? wave);
    },

    find: async (waveId) => copy(waves.get(waveId)) ?? null,

    list: async ({ calendarId, state: inState, date, cities, after, limit }) =>
      take(
        sorted(waves, after),
        limit,
        (wave) =>
          (calendarId === undefined || wave.calendarId === calendarId) &&
          (inState === undefined || wave.state === inState) &&
          (date === undefined || wave.date === date) &&
          isOfCities(wave, cities),
      ),

    async move(waveId, from, to, at) {
      const known = waves.get(waveId);
      if (!known || !from.includes(known.state)) return false;

      const { endedAt: _, ...wave } = known;
      const isOver = to === 'ended' || to === 'missed';
      waves.set(waveId, { ...wave, state: to, ...(isOver && { endedAt: at }) });
      return true;
    },

    async walked(waveId, { walkedTo = '', isWalked }) {
      const known = waves.get(waveId);
      if (!known) return;

      const furthest = walkedTo > (known.walkedTo ?? '') ? walkedTo : known.walkedTo;
      const place = furthest === undefined ? {} : { walkedTo: furthest };
      waves.set(waveId, { ...known, ...place, isWalked: isWalked || known.isWalked });
    },

    ...contactRows(state),
  };
}

function contactRows({
  contacts,
  indexes,
}: WaveRows): Omit<WaveStore, 'open' | 'find' | 'list' | 'move' | 'walked'> {
  const rowsOf = (waveId: string) => contacts.get(waveId) ?? new Map<string, WaveContact>();
  const all = () => [...contacts.values()].flatMap((rows) => [...rows.values()]);

  function put(contact: WaveContact): void {
    const { waveId, contactId } = contact;
    const rows = rowsOf(waveId);
    const index = indexes.get(waveId) ?? createWaveIndex();
    index.put(rows.get(contactId), contact);
    indexes.set(waveId, index);
    contacts.set(waveId, rows.set(contactId, copy(contact)));
  }

  return {
    async enrol(given) {
      for (const contact of given) if (!rowsOf(contact.waveId).has(contact.contactId)) put(contact);
    },

    findContacts: async (waveId, contactIds) =>
      contactIds.flatMap((id) => copy(rowsOf(waveId).get(id)) ?? []),

    async due(waveId, until, limit) {
      const ids = indexes.get(waveId)?.dueBy(until).slice(0, limit) ?? [];
      return ids.flatMap((id) => copy(rowsOf(waveId).get(id)) ?? []);
    },

    nextDue: async (waveId, place = 1) => indexes.get(waveId)?.dueAt(place) ?? null,

    async keep(given) {
      for (const contact of given) {
        const known = rowsOf(contact.waveId).get(contact.contactId);
        if (known?.revision === contact.revision - 1) put(contact);
      }
    },

    async retryFailed(waveId, at) {
      const failed = [...rowsOf(waveId).values()].filter(({ state }) => state === 'failed');
      for (const { reason: _reason, rule: _rule, ...contact } of failed) {
        const { attempt, revision } = contact;
        const again = { dueAt: at, attempt: attempt + 1, at, revision: revision + 1 };
        put({ ...contact, state: 'waiting', ...again });
      }
      return failed.length;
    },

    async hasten(contactIds, at) {
      const open = all().filter(
        ({ state, contactId }) => state === 'tasked' && contactIds.includes(contactId),
      );
      for (const task of open) put({ ...task, dueAt: at, revision: task.revision + 1 });
      return open.length;
    },

    dueTasks: async (until, limit) =>
      dueBy(
        all().filter(({ state }) => state === 'tasked'),
        until,
        limit,
      ),

    contacts: async (waveId, { state, cities, after, limit }) =>
      take(
        sorted(rowsOf(waveId), after),
        limit,
        (contact) =>
          (state === undefined || contact.state === state) && isInCities(contact.city, cities),
      ),

    numbers: async (waveIds, scope) =>
      waveIds.flatMap((waveId) => {
        if (scope?.cities === undefined) return indexes.get(waveId)?.numbers() ?? [];
        return counted(
          [...rowsOf(waveId).values()].filter(({ city }) => isInCities(city, scope.cities)),
        );
      }),
  };
}

const isOfCities = (wave: WaveRecord, cities: readonly string[] | undefined): boolean =>
  cities === undefined ||
  wave.cities === undefined ||
  wave.cities.some((city) => cities.includes(city));

function dueBy(rows: readonly WaveContact[], until: string, limit: number): WaveContact[] {
  const due = rows.filter(({ dueAt }) => dueAt !== undefined && dueAt <= until);
  const key = ({ dueAt, contactId, waveId }: WaveContact) => `${dueAt} ${waveId} ${contactId}`;

  return copy(due.sort((a, b) => (key(a) < key(b) ? -1 : 1)).slice(0, limit));
}

function counted(rows: readonly WaveContact[]): WaveNumber[] {
  const index = createWaveIndex();
  for (const row of rows) index.put(undefined, row);
  return index.numbers();
}
