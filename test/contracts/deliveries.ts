// What every store of deliveries promises.

import type { DeliveryRecord } from '../../ports/deliveries';
import { answerOne, openOne } from '../support/singles';
import { AT, type Make } from './builders';

const aDelivery = (fields: Partial<DeliveryRecord> = {}): DeliveryRecord => ({
  touchId: 't-1',
  contactId: 'c-1',
  text: '您好',
  phone: '+8613800000000',
  askedAt: Date.parse(AT),
  attempt: 1,
  channel: 'sms',
  workflowId: 'w-1',
  ...fields,
});

export function describeDeliveryStoreContract(name: string, make: Make): void {
  describe(`the store of deliveries ${name}`, () => {
    const deliveries = async () => (await make()).deliveries;

    it('opens an attempt once and then gives the first record back', async () => {
      const store = await deliveries();
      expect(await openOne(store, aDelivery())).toEqual({ opened: true, record: aDelivery() });
      expect(await openOne(store, aDelivery({ text: 'other' }))).toEqual({
        opened: false,
        record: aDelivery(),
      });
      expect(await store.find('t-1')).toEqual(aDelivery());
      expect(await store.find('t-2')).toBeNull();
    });

    it('keeps the answer of an attempt', async () => {
      const store = await deliveries();
      const answer = { kind: 'sent', channelRef: 'm-1', deliveredAt: 5 } as const;
      await openOne(store, aDelivery());
      await answerOne(store, 't-1', 1, answer);
      expect(await openOne(store, aDelivery())).toEqual({
        opened: false,
        record: aDelivery({ answer }),
      });
    });

    it('takes away what is old and on which nobody can act, a page at a time', async () => {
      const store = await deliveries();
      for (const touchId of ['t-1', 't-2', 't-3'])
        await openOne(store, aDelivery({ touchId, askedAt: 1 }));
      await openOne(store, aDelivery({ touchId: 't-4', askedAt: 3 }));
      await answerOne(store, 't-3', 1, { kind: 'tasked', channelRef: 'm-1' });
      expect(await store.removeBefore(2, 1)).toBe(1);
      expect(await store.removeBefore(2, 10)).toBe(1);
      const left = await store.ofContact('c-1');
      expect(left.map(({ touchId }) => touchId).sort()).toEqual(['t-3', 't-4']);
    });

    it('finds all of a contact', async () => {
      const store = await deliveries();
      await openOne(store, aDelivery({ touchId: 't-1' }));
      await openOne(store, aDelivery({ touchId: 't-2' }));
      await openOne(store, aDelivery({ touchId: 't-3', contactId: 'c-2' }));
      const found = await store.ofContact('c-1');
      expect(found.map(({ touchId }) => touchId).sort()).toEqual(['t-1', 't-2']);
      expect(await store.ofContact('c-3')).toEqual([]);
    });

    it('lists open tasks by page, by task and by contact, until they are closed', async () => {
      const store = await deliveries();
      const task = async (touchId: string, channelRef: string, contactId = 'c-1') => {
        await openOne(store, aDelivery({ touchId, contactId }));
        await answerOne(store, touchId, 1, { kind: 'tasked', channelRef });
      };
      await task('t-2', 'm-1', 'c-2');
      await task('t-1', 'm-1');
      await task('t-3', 'm-2');
      await openOne(store, aDelivery({ touchId: 't-4' }));

      const ids = async (filter: object) =>
        (await store.openTasks({ limit: 10, ...filter })).map(({ touchId }) => touchId);
      expect(await ids({})).toEqual(['t-1', 't-2', 't-3']);
      expect(await ids({ openTask: 'm-1', limit: 1 })).toEqual(['t-1']);
      expect(await ids({ after: { openTask: 'm-1', touchId: 't-1' } })).toEqual(['t-2', 't-3']);
      expect(await ids({ contactIds: ['c-2', 'c-3'] })).toEqual(['t-2']);
      expect(await store.countOpenTasks('m-1')).toBe(2);

      await store.closeTasks(['t-1', 't-9']);
      expect(await ids({})).toEqual(['t-2', 't-3']);
      expect(await store.find('t-1')).toMatchObject({ answer: { channelRef: 'm-1' } });
    });

    it('opens tasks again in doubt when theirs was cancelled, and leaves those of another task alone', async () => {
      const store = await deliveries();
      for (const touchId of ['t-1', 't-2']) {
        await openOne(store, aDelivery({ touchId }));
        await answerOne(store, touchId, 1, { kind: 'tasked', channelRef: `m-${touchId}` });
      }

      await store.reopenTasks(['t-1', 't-2'], 'm-t-1', 70);
      await store.reopenTasks(['t-1'], 'm-t-1', 90);
      const reopened = { replaces: 'm-t-1', askedAt: 70, inDoubtSince: 90, openTask: 'm-t-1' };
      expect(await store.find('t-1')).toEqual(aDelivery({ touchId: 't-1', ...reopened }));
      expect(await store.find('t-2')).toMatchObject({ answer: { channelRef: 'm-t-2' } });

      await answerOne(store, 't-1', 1, { kind: 'tasked', channelRef: 'm-3' });
      expect(await store.find('t-1')).toMatchObject({
        openTask: 'm-3',
        answer: { kind: 'tasked', channelRef: 'm-3' },
      });
    });

    it('opens a task again in other words, once', async () => {
      const store = await deliveries();
      await openOne(store, aDelivery({ template: 't@1' }));
      await answerOne(store, 't-1', 1, { kind: 'tasked', channelRef: 'm-1' });

      const reworded = { touchId: 't-1', text: 'new words', template: 't@2' };
      await store.rewordTasks([{ ...reworded, touchId: 't-9' }], 'm-1', 60);
      await store.rewordTasks([reworded], 'm-9', 60);
      expect(await store.find('t-1')).toMatchObject({ template: 't@1', openTask: 'm-1' });

      await store.rewordTasks([reworded], 'm-1', 70);
      await store.rewordTasks([{ ...reworded, text: 'late words' }], 'm-1', 80);
      const reopened = { replaces: 'm-1', askedAt: 70, inDoubtSince: 70, openTask: 'm-1' };
      expect(await store.find('t-1')).toEqual(aDelivery({ ...reworded, ...reopened }));
    });

    it('replaces an earlier attempt by a later one, never a later one by an earlier', async () => {
      const store = await deliveries();
      await openOne(store, aDelivery());
      await answerOne(store, 't-1', 1, { kind: 'refused', reason: 'x', retryable: false });
      const later = aDelivery({ attempt: 2, text: 'again' });
      expect(await openOne(store, later)).toEqual({ opened: true, record: later });
      expect(await store.find('t-1')).toEqual(later);
      expect(await openOne(store, aDelivery())).toEqual({ opened: false, record: later });
      const late = answerOne(store, 't-1', 1, { kind: 'tasked', channelRef: 'm-1' });
      await expect(late).rejects.toMatchObject({ code: 'CONFLICT' });
    });

    it('forgets a doubt when the channel says that it took nothing, but only for who opened the record', async () => {
      const store = await deliveries();
      await openOne(store, aDelivery({ fence: 1, inDoubtSince: 5 }));
      await store.notTakenMany([{ touchId: 't-1', attempt: 1 }]);
      expect(await store.find('t-1')).toMatchObject({ inDoubtSince: 5 });

      await store.notTakenMany([{ touchId: 't-1', attempt: 1, fence: 1 }]);
      expect(await store.find('t-1')).toEqual(aDelivery({ fence: 1 }));
    });

    it('gives the record of an unanswered attempt to a later execution, and takes it from the earlier one', async () => {
      const store = await deliveries();
      const answer = { kind: 'sent', channelRef: 'm-1', deliveredAt: 5 } as const;
      await openOne(store, aDelivery());
      const second = aDelivery({ fence: 2 });
      expect(await openOne(store, second)).toEqual({ opened: true, record: second });
      expect(await openOne(store, aDelivery({ fence: 1 }))).toMatchObject({ opened: false });

      await expect(answerOne(store, 't-1', 1, answer)).rejects.toMatchObject({ code: 'CONFLICT' });
      await store.answerMany([{ touchId: 't-1', attempt: 1, fence: 2, answer }]);

      expect(await openOne(store, aDelivery({ fence: 3 }))).toEqual({
        opened: false,
        record: { ...second, answer },
      });
    });

    it('opens, answers and finds a page, each record as if it were alone', async () => {
      const store = await deliveries();
      await openOne(store, aDelivery({ touchId: 't-1' }));
      const page = [
        aDelivery({ touchId: 't-1', text: 'other' }),
        aDelivery({ touchId: 't-2' }),
        aDelivery({ touchId: 't-1', attempt: 2 }),
      ];
      expect((await store.openMany(page)).map(({ opened }) => opened)).toEqual([false, true, true]);
      const answer = { kind: 'tasked', channelRef: 'm-1' } as const;
      await store.answerMany([
        { touchId: 't-1', attempt: 2, answer },
        { touchId: 't-2', attempt: 1, answer },
      ]);
      const found = await store.findMany(['t-1', 't-2', 't-9']);
      expect(
        found.map(({ touchId, attempt, answer }) => [touchId, attempt, answer]).sort(),
      ).toEqual([
        ['t-1', 2, answer],
        ['t-2', 1, answer],
      ]);
      const late = store.answerMany([
        { touchId: 't-2', attempt: 1, answer },
        { touchId: 't-1', attempt: 1, answer },
      ]);
      await expect(late).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('t-1'),
      });
    });

    it('is found by the name that the channel gave it, and by the customer it is for', async () => {
      const store = await deliveries();
      const mass = { channel: 'wecom', externalUserId: 'w-1', staffId: 's-1' };
      const page = [
        aDelivery({ touchId: 't-1', ...mass }),
        aDelivery({ touchId: 't-2', ...mass, askedAt: Date.parse(AT) + 1 }),
        aDelivery({ touchId: 't-3', ...mass, externalUserId: 'w-2' }),
        aDelivery({ touchId: 't-4' }),
      ];
      await store.openMany(page);
      await answerOne(store, 't-1', 1, { kind: 'tasked', channelRef: 'm-1' });
      await answerOne(store, 't-3', 1, { kind: 'tasked', channelRef: 'm-1' });
      await answerOne(store, 't-4', 1, { kind: 'sent', channelRef: 'm-2', deliveredAt: 5 });

      const named = async (...refs: string[]) =>
        (await store.ofChannelRefs(refs)).map(({ touchId }) => touchId).sort();
      expect(await named('m-1', 'm-9')).toEqual(['t-1', 't-3']);
      expect(await named('m-2')).toEqual(['t-4']);
      await store.openMany([aDelivery({ touchId: 't-5', replaces: 'm-1' })]);
      expect(await named('m-1')).toEqual(['t-1', 't-3', 't-5']);
      expect(await named()).toEqual([]);

      const asked = async (since: number, ...ids: string[]) =>
        (await store.toCustomers(ids, since)).map(({ touchId }) => touchId).sort();
      expect(await asked(Date.parse(AT), 'w-1', 'w-2')).toEqual(['t-1', 't-2', 't-3']);
      expect(await asked(Date.parse(AT) + 1, 'w-1')).toEqual(['t-2']);
    });

    it('lets one of many rivals open an attempt', async () => {
      const store = await deliveries();
      const opened = await Promise.all(
        Array.from({ length: 32 }, (_, i) => openOne(store, aDelivery({ text: `${i}` }))),
      );
      expect(opened.filter((each) => each.opened)).toHaveLength(1);
      expect(new Set(opened.map(({ record }) => record.text)).size).toBe(1);
    });
  });
}
