// What the store of waves promises.

import type { WaveContact, WaveRecord } from '../../ports/waves';
import { waveId as idOfWave } from '../../rules/calendar/wave';
import { AT, hoursAfter, type Make } from './builders';

const KEY = { calendarId: 'month', calendarVersion: 1, slotId: 'balance', date: '2026-03-02' };

const aWave = (fields: Partial<WaveRecord> = {}): WaveRecord => {
  const wave = { ...KEY, state: 'running' as const, startedAt: AT, isWalked: false, ...fields };
  return { waveId: idOfWave(wave), ...wave };
};

const WAVE = aWave().waveId;

const aContact = (contactId: string, fields: Partial<WaveContact> = {}): WaveContact => ({
  waveId: WAVE,
  contactId,
  city: 'guangzhou',
  state: 'waiting',
  plannedAt: AT,
  dueAt: AT,
  channel: 'sms',
  attempt: 1,
  at: AT,
  revision: 1,
  ...fields,
});

const idsOf = (contacts: readonly WaveContact[]) => contacts.map(({ contactId }) => contactId);

/** As it comes to its end. */
function ended(
  contact: WaveContact,
  state: 'sent' | 'suppressed' | 'failed',
  reason?: string,
): WaveContact {
  const { dueAt: _, ...rest } = contact;
  return { ...rest, state, ...(reason !== undefined && { reason }), revision: rest.revision + 1 };
}

export function describeWaveStoreContract(name: string, make: Make): void {
  describe(`waves ${name}`, () => {
    const waves = async () => (await make()).waves;

    it('keep the first opening of a wave, whoever opens it again', async () => {
      const store = await waves();
      expect(await store.find(WAVE)).toBeNull();
      await store.open(aWave());
      expect(await store.open(aWave({ startedAt: hoursAfter(1) }))).toEqual(aWave());
      expect(await store.find(WAVE)).toEqual(aWave());
    });

    it('are moved from the states that they may be moved from only', async () => {
      const store = await waves();
      await store.open(aWave());
      expect(await store.move(WAVE, ['paused'], 'running', AT)).toBe(false);
      expect(await store.move(WAVE, ['running', 'paused'], 'ended', hoursAfter(2))).toBe(true);
      expect(await store.find(WAVE)).toMatchObject({ state: 'ended', endedAt: hoursAfter(2) });
      expect(await store.move(WAVE, ['ended'], 'running', AT)).toBe(true);
      expect(await store.find(WAVE)).toEqual(aWave());
    });

    it('are held and let go on as one, whichever of two asks first', async () => {
      const store = await waves();
      await store.open(aWave());
      const hold = () => store.move(WAVE, ['running'], 'held', AT);
      expect((await Promise.all([hold(), hold()])).sort()).toEqual([false, true]);
      expect(await store.list({ calendarId: 'month', state: 'held', limit: 10 })).toEqual([
        aWave({ state: 'held' }),
      ]);
      expect(await store.move(WAVE, ['held'], 'running', AT)).toBe(true);
      expect(await store.find(WAVE)).toEqual(aWave());
    });

    it('never walk back', async () => {
      const store = await waves();
      await store.open(aWave());
      await store.walked(WAVE, { walkedTo: 'c-2', isWalked: false });
      await store.walked(WAVE, { walkedTo: 'c-1', isWalked: false });
      expect(await store.find(WAVE)).toMatchObject({ walkedTo: 'c-2', isWalked: false });
      await store.walked(WAVE, { isWalked: true });
      await store.walked(WAVE, { walkedTo: 'c-3', isWalked: false });
      expect(await store.find(WAVE)).toMatchObject({ walkedTo: 'c-3', isWalked: true });
    });

    it('are listed by calendar, state, date and city, a page at a time', async () => {
      const store = await waves();
      const other = aWave({ calendarId: 'other', cities: ['foshan'], state: 'paused' });
      const next = aWave({ date: '2026-03-03', cities: ['guangzhou', 'foshan'] });
      for (const wave of [aWave(), next, other]) await store.open(wave);

      const list = async (filter: object) =>
        (await store.list({ limit: 10, ...filter })).map(({ waveId }) => waveId);
      expect(await list({})).toEqual([WAVE, next.waveId, other.waveId]);
      expect(await list({ limit: 1, after: WAVE })).toEqual([next.waveId]);
      expect(await list({ calendarId: 'other' })).toEqual([other.waveId]);
      expect(await list({ state: 'paused' })).toEqual([other.waveId]);
      expect(await list({ date: '2026-03-03' })).toEqual([next.waveId]);
      expect(await list({ cities: ['guangzhou'] })).toEqual([WAVE, next.waveId]);
    });

    it('take a contact in once', async () => {
      const store = await waves();
      await store.enrol([aContact('c-1'), aContact('c-2')]);
      await store.keep([ended(aContact('c-1'), 'sent')]);
      await store.enrol([aContact('c-1'), aContact('c-3')]);
      const found = await store.findContacts(WAVE, ['c-1', 'c-3', 'c-9']);
      expect(found.map(({ contactId, state }) => `${contactId} ${state}`).sort()).toEqual([
        'c-1 sent',
        'c-3 waiting',
      ]);
    });

    it('keep a change against the record that it was made from, and nothing that it leaves out', async () => {
      const store = await waves();
      await store.enrol([aContact('c-1'), aContact('c-2', { reason: 'gap', rule: 'day' })]);
      await store.keep([
        ended(aContact('c-1'), 'suppressed', 'cap'),
        ended(aContact('c-2'), 'sent'),
      ]);
      await store.keep([ended(aContact('c-1'), 'failed', 'late')]);
      const [first, second] = await store.contacts(WAVE, { limit: 10 });
      expect(first).toEqual(ended(aContact('c-1'), 'suppressed', 'cap'));
      expect(second).toEqual(ended(aContact('c-2'), 'sent'));
    });

    it('know who is due, the longest waiting first, and when the next one is', async () => {
      const store = await waves();
      await store.enrol([
        aContact('c-1', { dueAt: hoursAfter(2) }),
        aContact('c-2', { dueAt: hoursAfter(1) }),
        aContact('c-3', { dueAt: hoursAfter(1) }),
        aContact('c-4', { dueAt: hoursAfter(9) }),
        ended(aContact('c-5'), 'sent'),
      ]);
      expect(idsOf(await store.due(WAVE, hoursAfter(2), 10))).toEqual(['c-2', 'c-3', 'c-1']);
      expect(idsOf(await store.due(WAVE, hoursAfter(2), 2))).toEqual(['c-2', 'c-3']);
      expect(await store.nextDue(WAVE)).toBe(hoursAfter(1));
      expect(await store.nextDue(WAVE, 3)).toBe(hoursAfter(2));
      expect(await store.nextDue(WAVE, 5)).toBeNull();
      expect(await store.nextDue('wave/none')).toBeNull();
    });

    it('have the open tasks of a contact looked at sooner, in whatever wave they are', async () => {
      const store = await waves();
      const task = { state: 'tasked', dueAt: hoursAfter(5) } as const;
      await store.enrol([
        aContact('c-1', task),
        aContact('c-1', { ...task, waveId: 'wave/b' }),
        aContact('c-2', task),
        aContact('c-1', { waveId: 'wave/c', dueAt: hoursAfter(5) }),
      ]);
      expect(await store.hasten(['c-1'], AT)).toBe(2);
      const due = await store.dueTasks(AT, 10);
      expect(due.map(({ waveId, contactId }) => `${waveId} ${contactId}`).sort()).toEqual([
        'wave/b c-1',
        `${WAVE} c-1`,
      ]);
      expect(await store.hasten(['c-9'], AT)).toBe(0);
    });

    it('have those that failed asked again, as the next attempts', async () => {
      const store = await waves();
      await store.enrol([
        ended(aContact('c-1'), 'failed', 'refused'),
        ended(aContact('c-2'), 'suppressed', 'cap'),
      ]);
      expect(await store.retryFailed(WAVE, hoursAfter(3))).toBe(1);
      const again = { attempt: 2, dueAt: hoursAfter(3), at: hoursAfter(3), revision: 3 };
      expect(await store.due(WAVE, hoursAfter(3), 10)).toEqual([aContact('c-1', again)]);
    });

    it('list contacts by state and city, and count them by state and reason', async () => {
      const store = await waves();
      await store.enrol([
        ended(aContact('c-1'), 'suppressed', 'cap'),
        ended(aContact('c-2', { city: 'foshan' }), 'suppressed', 'cap'),
        ended(aContact('c-3'), 'sent'),
        aContact('c-4'),
      ]);
      const list = async (filter: object) =>
        idsOf(await store.contacts(WAVE, { limit: 10, ...filter }));
      expect(await list({ state: 'suppressed' })).toEqual(['c-1', 'c-2']);
      expect(await list({ state: 'suppressed', cities: ['foshan'] })).toEqual(['c-2']);
      expect(await list({ after: 'c-2', limit: 1 })).toEqual(['c-3']);

      const sums = async (cities?: string[]) =>
        (await store.numbers([WAVE], { ...(cities && { cities }) }))
          .map(({ state, reason = '-', count }) => `${state} ${reason} ${count}`)
          .sort();
      expect(await sums()).toEqual(['sent - 1', 'suppressed cap 2', 'waiting - 1']);
      expect(await sums(['foshan'])).toEqual(['suppressed cap 1']);
    });
  });
}
