// What every touch store promises.

import type { Stores } from '../../ports/stores';
import type { ReceiptOf } from '../../ports/touches';
import { openUnitKey } from '../../rules/base/ids';
import type { Contact } from '../../rules/contact/contact';
import { CHAIN_START, linkOf } from '../../rules/ledger/chain';
import type { LedgerRow } from '../../rules/ledger/rows';
import { decisionOf, recordOne, reserveOne, taskOne } from '../support/singles';
import { AT, aDeferral, aPass, given, hoursAfter, type Make, read } from './builders';

const RIVALS = 64;

async function collect(rows: AsyncIterable<LedgerRow>): Promise<LedgerRow[]> {
  const all: LedgerRow[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

/** Revisions of rows that made one, which must count from 1 without a hole or a repeat. */
async function revisionsOf(stores: Stores, contactId = 'c-1'): Promise<number[]> {
  const timeline = await stores.touches.timeline(contactId);
  const made = timeline.filter((row) => row.kind === 'settlement' || row.verdict === 'pass');
  return made.map((row) => row.revision).sort((a, b) => a - b);
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

export function describeTouchStoreContract(name: string, make: Make): void {
  describe(`the touch store ${name}`, () => {
    let stores: Stores;
    beforeEach(async () => {
      stores = await make();
    });

    it('reserves a touch and writes its row under the next revision', async () => {
      const contact = await given(stores);
      const row = aPass(contact, {
        category: 'data-pack',
        staffId: 's-1',
        expiresAt: hoursAfter(5),
      });
      expect(await reserveOne(stores.touches, contact, row)).toBe(true);
      const after = await read(stores);
      expect(after.revision).toBe(contact.revision + 1);
      expect(after.profileRevision).toBe(contact.profileRevision);
      expect(after.touches).toEqual([
        {
          touchId: 't-1',
          at: AT,
          state: 'reserved',
          channel: 'wecom',
          class: 'marketing',
          category: 'data-pack',
          staffId: 's-1',
          city: 'guangzhou',
          attempt: 1,
        },
      ]);
      expect(await decisionOf(stores.touches, 't-1', 1, 'c-1')).toEqual({
        ...row,
        sequence: 1,
        chain: after.chain,
      });
      expect(await stores.touches.timeline('c-1')).toEqual([
        { ...row, sequence: 1, chain: after.chain },
      ]);
    });

    it('keeps of a reply what it answers, and what held an expired touch', async () => {
      const contact = await given(stores);
      const answers = { act: 'added', at: AT, ref: 's-1' } as const;
      const reply = aPass(contact, { class: 'reply', answers });
      await reserveOne(stores.touches, contact, reply);
      expect(await decisionOf(stores.touches, 't-1', 1, 'c-1')).toMatchObject({ answers });

      const heldPast = { wouldPassAt: hoursAfter(9), expiresAt: hoursAfter(1) };
      const line = { kind: 'quiet-hours', rule: 'contact', answer: 'defer', detail: '' } as const;
      const explain = [{ ...line, heldPast }];
      await recordOne(stores.touches, aDeferral(contact, { touchId: 't-2', revision: 1, explain }));
      expect(await decisionOf(stores.touches, 't-2', 1, 'c-1')).toMatchObject({ explain });
    });

    it('refuses a reservation decided on a contact that moved since', async () => {
      const contact = await given(stores);
      await reserveOne(stores.touches, contact, aPass(contact));
      expect(await reserveOne(stores.touches, contact, aPass(contact, { touchId: 't-2' }))).toBe(
        false,
      );
      expect(await decisionOf(stores.touches, 't-2', 1, 'c-1')).toBeNull();
    });

    it('refuses a reservation decided on a profile that changed since', async () => {
      const contact = await given(stores);
      await stores.contacts.block('c-1', { channel: 'wecom', reason: 'complaint' });
      expect(await reserveOne(stores.touches, contact, aPass(contact))).toBe(false);
      expect((await read(stores)).touches).toEqual([]);
    });

    it('refuses a row whose revision is not the one that the reservation makes', async () => {
      const contact = await given(stores);
      await expect(
        reserveOne(stores.touches, contact, aPass(contact, { revision: 9 })),
      ).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
    });

    it('never reserves the same touch twice while its reservation lives', async () => {
      await given(stores);
      const first = await read(stores);
      await reserveOne(stores.touches, first, aPass(first));
      const second = await read(stores);
      expect(await reserveOne(stores.touches, second, aPass(second, { attempt: 2 }))).toBe(false);
      expect(await revisionsOf(stores)).toEqual([1]);
    });

    it('lets a later attempt reserve a released touch again', async () => {
      await given(stores);
      const first = await read(stores);
      await reserveOne(stores.touches, first, aPass(first));
      await stores.touches.settle('c-1', 't-1', {
        settled: 'released',
        reason: { kind: 'refused', code: 'NO_PHONE' },
        at: hoursAfter(1),
      });
      const second = await read(stores);
      expect(await reserveOne(stores.touches, second, aPass(second))).toBe(false);
      expect(
        await reserveOne(stores.touches, second, aPass(second, { attempt: 2, at: hoursAfter(2) })),
      ).toBe(true);
      expect((await read(stores)).touches).toEqual([
        expect.objectContaining({
          touchId: 't-1',
          attempt: 2,
          state: 'reserved',
          at: hoursAfter(2),
        }),
      ]);
      expect(await revisionsOf(stores)).toEqual([1, 2, 3]);
    });

    it(`lets exactly one of ${RIVALS} racing reservations win each revision`, async () => {
      const contact = await given(stores);
      const ask = (i: number) =>
        reserveOne(stores.touches, contact, aPass(contact, { touchId: `t-${i}` }));
      const won = (await Promise.all(upTo(RIVALS).map(ask))).filter(Boolean);
      expect(won).toHaveLength(1);
      const after = await read(stores);
      expect(after.revision).toBe(1);
      expect(after.touches).toHaveLength(1);
      expect(await stores.touches.timeline('c-1')).toHaveLength(1);
    });

    it('loses no row and makes no hole when reservations, tasks and settlements race', async () => {
      await given(stores);
      async function live(i: number): Promise<void> {
        for (;;) {
          const contact = await read(stores);
          if (await reserveOne(stores.touches, contact, aPass(contact, { touchId: `t-${i}` })))
            break;
        }
        await taskOne(stores.touches, 'c-1', `t-${i}`, `m-${i}`);
        await stores.touches.settle('c-1', `t-${i}`, {
          settled: i % 2 ? 'sent' : 'released',
          at: hoursAfter(1),
        });
      }
      await Promise.all(upTo(16).map(live));
      const after = await read(stores);
      expect(after.revision).toBe(32);
      expect(await revisionsOf(stores)).toEqual(upTo(32));
      expect(after.touches.map(({ channelRef }) => channelRef).sort()).toEqual(
        upTo(16)
          .map((i) => `m-${i}`)
          .sort(),
      );
      expect(after.touches.filter(({ state }) => state === 'sent')).toHaveLength(8);
      let link = CHAIN_START;
      const timeline = await stores.touches.timeline('c-1');
      for (const row of timeline.sort((a, b) => a.revision - b.revision)) link = linkOf(link, row);
      expect(after.chain).toBe(link);
    });

    it('chains rows of every kind, also when decisions, reservations and settlements race', async () => {
      await given(stores);
      async function live(i: number): Promise<void> {
        const contact = await read(stores);
        await recordOne(stores.touches, aDeferral(contact, { touchId: `t-${i}` }));
        for (;;) {
          const row = aPass(await read(stores), { touchId: `t-${i}`, attempt: 2 });
          if (await reserveOne(stores.touches, await read(stores), row).catch(() => false)) break;
        }
        await stores.touches.settle('c-1', `t-${i}`, { settled: 'sent', at: hoursAfter(1) });
      }
      await Promise.all(upTo(8).map(live));
      const rows = (await stores.touches.timeline('c-1')).sort(
        (a, b) => (a.sequence ?? 0) - (b.sequence ?? 0),
      );
      expect(rows.map(({ sequence }) => sequence)).toEqual(upTo(24));
      let link = CHAIN_START;
      for (const row of rows) {
        link = linkOf(link, row);
        expect(row.chain).toBe(link);
      }
      expect(await read(stores)).toMatchObject({ chain: link, sequence: 24, revision: 16 });
    });

    it('writes no decision of an execution that was overtaken', async () => {
      const contact = await given(stores);
      const row = aDeferral(contact);
      await stores.touches.fenceMany([row]);
      expect(await recordOne(stores.touches, row)).toBeNull();
      expect(await stores.touches.timeline('c-1')).toEqual([]);
      expect(await recordOne(stores.touches, row, 1)).toMatchObject(row);
    });

    it('drops what ended before the given instant and keeps what is still open', async () => {
      await given(stores);
      for (const [i, hours] of [0, 1, 2, 50].entries()) {
        const contact = await read(stores);
        await reserveOne(
          stores.touches,
          contact,
          aPass(contact, { touchId: `t-${i}`, at: hoursAfter(hours) }),
        );
      }
      await stores.touches.settle('c-1', 't-0', { settled: 'sent', at: hoursAfter(1) });
      await taskOne(stores.touches, 'c-1', 't-2', 'm-2');
      await stores.touches.settle('c-1', 't-3', { settled: 'sent', at: hoursAfter(50) });
      const contact = await read(stores);
      await reserveOne(
        stores.touches,
        contact,
        aPass(contact, { touchId: 't-4', at: hoursAfter(60) }),
        hoursAfter(40),
      );
      const kept = (await read(stores)).touches.map(({ touchId, state }) => `${touchId} ${state}`);
      expect(kept.sort()).toEqual(['t-1 reserved', 't-2 tasked', 't-3 sent', 't-4 reserved']);
      expect(await stores.touches.timeline('c-1')).toHaveLength(7);
    });

    it('records a decision that reserves nothing and gives the first answer of an attempt ever after', async () => {
      const contact = await given(stores);
      const row = await recordOne(stores.touches, aDeferral(contact));
      expect(row).toMatchObject(aDeferral(contact));
      expect(
        await recordOne(
          stores.touches,
          aDeferral(contact, { verdict: 'suppressed', reason: 'blocked' }),
        ),
      ).toEqual(row);
      expect(await decisionOf(stores.touches, 't-1', 1, 'c-1')).toEqual(row);
      expect(await decisionOf(stores.touches, 't-1', 2, 'c-1')).toBeNull();
      expect((await read(stores)).revision).toBe(0);
    });

    it('answers a reservation to whoever records something else for the same attempt', async () => {
      const contact = await given(stores);
      const pass = aPass(contact);
      await reserveOne(stores.touches, contact, pass);
      expect(await recordOne(stores.touches, aDeferral(contact))).toMatchObject(pass);
      expect(await stores.touches.timeline('c-1')).toEqual([expect.objectContaining(pass)]);
    });

    it('marks a touch as tasked without a row, however often', async () => {
      const contact = await given(stores);
      await reserveOne(stores.touches, contact, aPass(contact));
      await taskOne(stores.touches, 'c-1', 't-1', 'msg-1');
      await taskOne(stores.touches, 'c-1', 't-1', 'msg-1');
      const after = await read(stores);
      expect(after.touches).toEqual([
        expect.objectContaining({ state: 'tasked', channelRef: 'msg-1' }),
      ]);
      expect(after.revision).toBe(1);
      await taskOne(stores.touches, 'c-1', 't-1', 'msg-2');
      await stores.touches.settle('c-1', 't-1', { settled: 'sent', at: hoursAfter(1) });
      await taskOne(stores.touches, 'c-1', 't-1', 'msg-1');
      expect((await read(stores)).touches).toEqual([
        expect.objectContaining({ state: 'sent', channelRef: 'msg-2' }),
      ]);
    });

    it('settles a touch once: a repeat changes nothing and answers false', async () => {
      const contact = await given(stores);
      await reserveOne(stores.touches, contact, aPass(contact));
      const sent = {
        settled: 'sent',
        channelRef: 'm-1',
        deliveredAt: hoursAfter(3),
        at: hoursAfter(4),
      } as const;
      expect(await stores.touches.settle('c-1', 't-1', sent)).toBe(true);
      expect(await stores.touches.settle('c-1', 't-1', { ...sent, at: hoursAfter(9) })).toBe(false);
      const after = await read(stores);
      expect(after.touches).toEqual([
        expect.objectContaining({ state: 'sent', at: hoursAfter(3), channelRef: 'm-1' }),
      ]);
      expect(after.revision).toBe(2);
      expect((await stores.touches.timeline('c-1')).at(-1)).toEqual({
        kind: 'settlement',
        touchId: 't-1',
        contactId: 'c-1',
        at: hoursAfter(4),
        settled: 'sent',
        channel: 'wecom',
        channelRef: 'm-1',
        deliveredAt: hoursAfter(3),
        revision: 2,
        sequence: 2,
        chain: after.chain,
      });
    });

    it('keeps receipts that are faster than the settlement, and ends the touch by all of them', async () => {
      const contact = await given(stores);
      await reserveOne(stores.touches, contact, aPass(contact));
      const failed = {
        channelRef: 'm-1',
        state: 'failed',
        at: hoursAfter(2),
        heardAt: hoursAfter(3),
        code: 'UNDELIV',
      } as const;
      const receive = (receipt: Partial<ReceiptOf>) =>
        stores.touches.receive('c-1', 't-1', { ...failed, part: 1, ...receipt });

      expect(await receive({})).toMatchObject({ state: 'reserved' });
      expect(await receive({ part: 2 })).toMatchObject({ state: 'reserved' });
      const taken = {
        settled: 'sent',
        channelRef: 'm-1',
        acceptedAt: hoursAfter(1),
        parts: 2,
        at: hoursAfter(3),
      } as const;
      expect(await stores.touches.settle('c-1', 't-1', taken)).toBe(true);
      expect((await read(stores)).touches).toMatchObject([
        { state: 'released', why: 'sms:UNDELIV', acceptedAt: hoursAfter(1), parts: 2 },
      ]);
      expect(await stores.touches.settle('c-1', 't-1', taken)).toBe(false);

      const late = { state: 'delivered', at: hoursAfter(3) } as const;
      expect(await receive({ ...late, part: 2 })).toMatchObject({ state: 'sent' });
      expect(await receive({ ...late, part: 2 })).toMatchObject({ deliveredAt: hoursAfter(3) });
      expect((await stores.touches.timeline('c-1')).slice(1)).toMatchObject([
        { settled: 'released', why: 'sms:UNDELIV', acceptedAt: hoursAfter(1) },
        { settled: 'sent', deliveredAt: hoursAfter(3), partly: true },
      ]);
      expect(await revisionsOf(stores)).toEqual([1, 2, 3]);
    });

    it('says more of what was sent in a row of its own, which counts no second message', async () => {
      const contact = await given(stores);
      await reserveOne(stores.touches, contact, aPass(contact));
      const taken = {
        settled: 'sent',
        channelRef: 'm-1',
        acceptedAt: hoursAfter(1),
        parts: 1,
        at: hoursAfter(2),
      } as const;
      await stores.touches.settle('c-1', 't-1', taken);
      const receipt = {
        channelRef: 'm-1',
        part: 1,
        state: 'delivered',
        at: hoursAfter(2),
        heardAt: hoursAfter(3),
      } as const;
      expect(await stores.touches.receive('c-1', 't-1', receipt)).toMatchObject({
        state: 'sent',
        at: hoursAfter(2),
        deliveredAt: hoursAfter(2),
      });

      expect((await stores.touches.timeline('c-1')).slice(1)).toMatchObject([
        { settled: 'sent', at: hoursAfter(2), acceptedAt: hoursAfter(1), revision: 2 },
        { settled: 'sent', deliveredAt: hoursAfter(2), again: true, revision: 3 },
      ]);
      expect(await stores.touches.totals()).toEqual(
        expect.arrayContaining([
          { kind: 'settlement', name: 'sent', count: 1 },
          { kind: 'settlement', name: 'again', count: 1 },
        ]),
      );
    });

    it('supposes nothing of a touch that is known to have been sent', async () => {
      const contact = await given(stores);
      await reserveOne(stores.touches, contact, aPass(contact));
      const sent = { settled: 'sent', deliveredAt: hoursAfter(3), at: hoursAfter(3) } as const;
      await stores.touches.settle('c-1', 't-1', sent);
      const unconfirmed = {
        settled: 'released',
        reason: { kind: 'unconfirmed' },
        at: hoursAfter(24),
      } as const;
      expect(await stores.touches.settle('c-1', 't-1', unconfirmed)).toBe(false);
      expect((await read(stores)).touches).toMatchObject([{ state: 'sent' }]);
    });

    it('reads a late receipt of a touch that has left the document against what its rows say', async () => {
      const contact = await given(stores);
      await reserveOne(stores.touches, contact, aPass(contact));
      const receipt = {
        channelRef: 'm-1',
        part: 1,
        parts: 1,
        at: hoursAfter(2),
        heardAt: hoursAfter(3),
      } as const;
      await stores.touches.settle('c-1', 't-1', {
        settled: 'sent',
        acceptedAt: hoursAfter(1),
        parts: 1,
        at: hoursAfter(1),
      });
      await stores.touches.receive('c-1', 't-1', { ...receipt, state: 'delivered' });
      const moved = await read(stores);
      const later = aPass(moved, { touchId: 't-2', at: hoursAfter(900) });
      await reserveOne(stores.touches, moved, later, hoursAfter(800));

      const failed = { ...receipt, state: 'failed', at: hoursAfter(901) } as const;
      expect(await stores.touches.receive('c-1', 't-1', failed)).toMatchObject({ state: 'sent' });
      await expect(stores.touches.receive('c-1', 'never', failed)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    });

    it('takes an open task back once, counts it until it is settled, and says so in its rows', async () => {
      const contact = await given(stores);
      await reserveOne(stores.touches, contact, aPass(contact));
      const withdrawn = { at: hoursAfter(1), rule: 'consent' };
      expect(await stores.touches.withdraw('c-1', 't-1', withdrawn)).toBe(false); // nobody has a task yet

      await taskOne(stores.touches, 'c-1', 't-1', 'msg-1');
      expect(await stores.touches.withdraw('c-1', 't-1', withdrawn)).toBe(true);
      const again = { at: hoursAfter(2), rule: 'dnd' };
      expect(await stores.touches.withdraw('c-1', 't-1', again)).toBe(false);
      expect((await read(stores)).touches).toEqual([
        expect.objectContaining({ state: 'tasked', withdrawn }),
      ]);

      const unconfirmed = { kind: 'unconfirmed' } as const;
      await stores.touches.settle('c-1', 't-1', {
        settled: 'released',
        reason: unconfirmed,
        at: hoursAfter(3),
      });
      await stores.touches.settle('c-1', 't-1', {
        settled: 'sent',
        deliveredAt: hoursAfter(2),
        at: hoursAfter(4),
      });
      expect((await stores.touches.timeline('c-1')).slice(1)).toMatchObject([
        { settled: 'withdrawn', why: 'withdrawn:consent', channelRef: 'msg-1', revision: 2 },
        { settled: 'released', why: 'withdrawn:consent', revision: 3 },
        { settled: 'sent', why: 'not-stopped:consent', revision: 4 },
      ]);
      expect(await revisionsOf(stores)).toEqual([1, 2, 3, 4]);
      expect(await stores.touches.withdraw('c-1', 't-1', again)).toBe(false);
    });

    it('remembers a withdrawal of a touch that has left the document', async () => {
      const contact = await given(stores);
      await reserveOne(stores.touches, contact, aPass(contact));
      await taskOne(stores.touches, 'c-1', 't-1', 'msg-1');
      await stores.touches.withdraw('c-1', 't-1', { at: hoursAfter(1), rule: 'consent' });
      await stores.touches.settle('c-1', 't-1', { settled: 'released', at: hoursAfter(2) });
      const moved = await read(stores);
      const later = aPass(moved, { touchId: 't-2', at: hoursAfter(900) });
      await reserveOne(stores.touches, moved, later, hoursAfter(800));
      expect((await read(stores)).touches).toHaveLength(1);

      await stores.touches.settle('c-1', 't-1', { settled: 'sent', at: hoursAfter(901) });
      expect((await stores.touches.timeline('c-1')).at(-1)).toMatchObject({
        settled: 'sent',
        why: 'not-stopped:consent',
      });
    });

    it('lets one of many racing settlements of a touch count', async () => {
      const contact = await given(stores);
      await reserveOne(stores.touches, contact, aPass(contact));
      const settle = () =>
        stores.touches.settle('c-1', 't-1', { settled: 'sent', at: hoursAfter(1) });
      const done = await Promise.all(upTo(RIVALS).map(settle));
      expect(done.filter(Boolean)).toHaveLength(1);
      expect(await revisionsOf(stores)).toEqual([1, 2]);
    });

    it('counts a touch again that turns out to have been sent after it was released', async () => {
      const contact = await given(stores);
      await reserveOne(stores.touches, contact, aPass(contact));
      await stores.touches.settle('c-1', 't-1', {
        settled: 'released',
        reason: { kind: 'unconfirmed' },
        at: hoursAfter(24),
      });
      const late = {
        settled: 'sent',
        reason: { kind: 'other', reason: 'late' },
        deliveredAt: hoursAfter(25),
        at: hoursAfter(26),
      } as const;
      expect(await stores.touches.settle('c-1', 't-1', late)).toBe(true);
      expect((await read(stores)).touches).toEqual([
        expect.objectContaining({ state: 'sent', at: hoursAfter(25) }),
      ]);
      expect(await revisionsOf(stores)).toEqual([1, 2, 3]);
    });

    it('frees the slot of a touch whose receipt says that it failed', async () => {
      const contact = await given(stores);
      await reserveOne(stores.touches, contact, aPass(contact));
      await stores.touches.settle('c-1', 't-1', { settled: 'sent', at: hoursAfter(1) });
      const failed = {
        settled: 'released',
        reason: { kind: 'sms', code: 'UNDELIV' },
        at: hoursAfter(2),
      } as const;
      expect(await stores.touches.settle('c-1', 't-1', failed)).toBe(true);
      expect(await stores.touches.settle('c-1', 't-1', failed)).toBe(false);
      expect((await read(stores)).touches).toEqual([
        expect.objectContaining({ state: 'released' }),
      ]);
      expect(await revisionsOf(stores)).toEqual([1, 2, 3]);
    });

    it('settles a touch that already left the document, and counts it again when it was sent after all', async () => {
      const contact = await given(stores);
      await reserveOne(stores.touches, contact, aPass(contact));
      await stores.touches.settle('c-1', 't-1', {
        settled: 'released',
        reason: { kind: 'unconfirmed' },
        at: hoursAfter(24),
      });
      const later = await read(stores);
      await reserveOne(
        stores.touches,
        later,
        aPass(later, { touchId: 't-2', at: hoursAfter(900) }),
        hoursAfter(800),
      );
      expect((await read(stores)).touches.map(({ touchId }) => touchId)).toEqual(['t-2']);
      const repeat = {
        settled: 'released',
        reason: { kind: 'unconfirmed' },
        at: hoursAfter(901),
      } as const;
      expect(await stores.touches.settle('c-1', 't-1', repeat)).toBe(false);
      const late = { settled: 'sent', deliveredAt: hoursAfter(902), at: hoursAfter(902) } as const;
      expect(await stores.touches.settle('c-1', 't-1', late)).toBe(true);
      expect(await stores.touches.settle('c-1', 't-1', late)).toBe(false);
      expect((await read(stores)).touches).toContainEqual(
        expect.objectContaining({ touchId: 't-1', state: 'sent', at: hoursAfter(902) }),
      );
      expect(await revisionsOf(stores)).toEqual([1, 2, 3, 4]);
    });

    it('says that a touch was never reserved, and that a contact does not exist', async () => {
      await given(stores);
      const sent = { settled: 'sent', at: AT } as const;
      await expect(stores.touches.settle('c-1', 't-9', sent)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
      await expect(stores.touches.settle('c-9', 't-1', sent)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    });

    it('reads the timeline of one contact between two instants, the first included and the last not', async () => {
      const contact = await given(stores);
      const other = await given(stores, { contactId: 'c-2' });
      for (const hours of [3, 1, 2]) {
        await recordOne(
          stores.touches,
          aDeferral(contact, { touchId: `t-${hours}`, at: hoursAfter(hours) }),
        );
      }
      await recordOne(stores.touches, aDeferral(other, { touchId: 't-x', at: hoursAfter(2) }));
      const touchIds = async (from?: string, to?: string): Promise<string[]> =>
        (await stores.touches.timeline('c-1', from, to)).map(({ touchId }) => touchId);
      expect(await touchIds()).toEqual(['t-1', 't-2', 't-3']);
      expect(await touchIds(hoursAfter(1), hoursAfter(3))).toEqual(['t-1', 't-2']);
      expect(await touchIds(hoursAfter(2))).toEqual(['t-2', 't-3']);
    });

    it('exports the whole ledger in order of time, and of revision within a millisecond', async () => {
      for (const id of ['c-1', 'c-2']) {
        const contact = await given(stores, { contactId: id });
        await recordOne(
          stores.touches,
          aDeferral(contact, { touchId: `${id}/late`, at: hoursAfter(7) }),
        );
        await reserveOne(stores.touches, contact, aPass(contact, { touchId: `${id}/now` }));
        await stores.touches.settle(id, `${id}/now`, { settled: 'sent', at: AT });
      }
      const rows = await collect(stores.touches.export());
      expect(rows.map(({ at }) => at)).toEqual([AT, AT, AT, AT, hoursAfter(7), hoursAfter(7)]);
      const first = rows.filter(({ contactId }) => contactId === 'c-1').map(({ kind }) => kind);
      expect(first).toEqual(['decision', 'settlement', 'decision']);
      const late = await collect(stores.touches.export(hoursAfter(7)));
      expect(late).toEqual(rows.slice(4));
    });

    it('frees the place of an open task when it ends, whatever comes of it', async () => {
      const stores = await make();
      const contact = await given(stores);
      await reserveOne(stores.touches, contact, aPass(contact));
      const takes = [{ scope: 'staff-open/s-1', limit: 9 }];
      await stores.quotaUnits.take([{ key: openUnitKey('t-1', 1), takes }]);
      const used = async () => (await stores.quotaUnits.used(['staff-open/s-1']))[0];
      expect(await used()).toBe(1);
      await stores.touches.settle('c-1', 't-1', { settled: 'sent', at: hoursAfter(1) });
      expect(await used()).toBe(0);
    });

    it('gives the units of shared limits back with a release, and keeps them with a delivery', async () => {
      const contact = await given(stores);
      await reserveOne(stores.touches, contact, aPass(contact));
      const later = await read(stores);
      await reserveOne(stores.touches, later, aPass(later, { touchId: 't-2', attempt: 3 }));
      const takes = [{ scope: 'city/guangzhou/2026-03-02', limit: 9 }];
      const keys = ['t-1#1', 't-2#3', 't-2#2'];
      await stores.quotaUnits.take(keys.map((key) => ({ key, takes })));
      const used = async () => (await stores.quotaUnits.used(['city/guangzhou/2026-03-02']))[0];
      await stores.touches.settle('c-1', 't-1', { settled: 'sent', at: hoursAfter(1) });
      expect(await used()).toBe(3);
      await stores.touches.settle('c-1', 't-2', {
        settled: 'released',
        reason: { kind: 'unconfirmed' },
        at: hoursAfter(1),
      });
      expect(await used()).toBe(2);
      expect(
        await stores.touches.settle('c-1', 't-2', { settled: 'released', at: hoursAfter(2) }),
      ).toBe(false);
      expect(await used()).toBe(2);
      await stores.touches.settle('c-1', 't-1', {
        settled: 'released',
        reason: { kind: 'sms', code: 'UNDELIV' },
        at: hoursAfter(2),
      });
      expect(await used()).toBe(1);
    });

    it('reserves, tasks and settles a page, whatever moved meanwhile', async () => {
      const ids = upTo(5).map((i) => `c-${i}`);
      const contacts = [];
      for (const contactId of ids) contacts.push(await given(stores, { contactId }));
      await stores.contacts.block('c-2', { channel: 'wecom', reason: 'complaint' });
      const moved = contacts[3] as Contact;
      await reserveOne(stores.touches, moved, aPass(moved, { touchId: 'rival' }));
      const reservations = contacts.map((contact) => ({
        contact,
        row: aPass(contact, { touchId: `${contact.contactId}/t` }),
      }));
      expect(await stores.touches.reserveMany(reservations)).toEqual([
        true,
        false,
        true,
        false,
        true,
      ]);
      expect(await stores.touches.reserveMany(reservations)).toEqual([
        false,
        false,
        false,
        false,
        false,
      ]);
      const attempts = ids.map((contactId) => ({
        contactId,
        touchId: `${contactId}/t`,
        attempt: 1,
      }));
      const rows = await stores.touches.decisionMany(attempts);
      expect(rows.map((row) => row?.revision ?? null)).toEqual([1, null, 1, null, 1]);

      const won = ['c-1', 'c-3', 'c-5'];
      await stores.touches.taskedMany(
        won.map((contactId) => ({ contactId, touchId: `${contactId}/t`, channelRef: 'm-1' })),
      );
      expect((await read(stores, 'c-3')).touches).toMatchObject([
        { state: 'tasked', channelRef: 'm-1' },
      ]);
      const endings = won.map((contactId) => ({
        contactId,
        touchId: `${contactId}/t`,
        settled: contactId === 'c-5' ? ('released' as const) : ('sent' as const),
        at: hoursAfter(1),
      }));
      await stores.touches.settle('c-1', 'c-1/t', { settled: 'sent', at: hoursAfter(1) });
      expect(await stores.touches.settleMany(endings)).toEqual([false, true, true]);
      expect(await stores.touches.settleMany(endings)).toEqual([false, false, false]);
      for (const contactId of won) expect(await revisionsOf(stores, contactId)).toEqual([1, 2]);
      expect(await revisionsOf(stores, 'c-2')).toEqual([]);
      expect(await revisionsOf(stores, 'c-4')).toEqual([1]);
    });

    it('takes the moves of one contact in a page one after the other', async () => {
      await given(stores);
      for (const touchId of ['t-1', 't-2', 't-3']) {
        const contact = await read(stores);
        await reserveOne(stores.touches, contact, aPass(contact, { touchId }));
      }
      const endings = ['t-1', 't-2', 't-3'].map((touchId) => ({
        contactId: 'c-1',
        touchId,
        settled: 'sent' as const,
        at: AT,
      }));
      expect(await stores.touches.settleMany(endings)).toEqual([true, true, true]);
      const contact = await read(stores);
      const pair = ['t-4', 't-5'].map((touchId) => ({ contact, row: aPass(contact, { touchId }) }));
      expect(await stores.touches.reserveMany(pair)).toEqual([true, false]);
      expect(await revisionsOf(stores)).toEqual(upTo(7));
    });

    it('lets pages race: each touch is reserved once and settled once', async () => {
      const ids = upTo(12).map((i) => `c-${i}`);
      for (const contactId of ids) await given(stores, { contactId });
      async function page(wave: number): Promise<void> {
        for (let open = ids; open.length > 0; ) {
          const contacts = await stores.contacts.findMany(open);
          const reservations = contacts
            .filter(
              ({ contactId, touches }) =>
                !touches.some(({ touchId }) => touchId === `${contactId}/${wave}`),
            )
            .map((contact) => ({
              contact,
              row: aPass(contact, { touchId: `${contact.contactId}/${wave}` }),
            }));
          const won = await stores.touches.reserveMany(reservations);
          open = reservations.filter((_, i) => !won[i]).map(({ contact }) => contact.contactId);
        }
        await stores.touches.settleMany(
          ids.map((contactId) => ({
            contactId,
            touchId: `${contactId}/${wave}`,
            settled: 'sent',
            at: hoursAfter(1),
          })),
        );
      }
      await Promise.all(upTo(4).map(page));
      for (const contactId of ids) {
        expect(await revisionsOf(stores, contactId)).toEqual(upTo(8));
        expect((await read(stores, contactId)).touches.map(({ state }) => state)).toEqual(
          upTo(4).map(() => 'sent'),
        );
      }
    });

    it('records a page of decisions and answers those that had one before', async () => {
      const contact = await given(stores);
      const other = await given(stores, { contactId: 'c-2' });
      await recordOne(stores.touches, aDeferral(contact));
      await reserveOne(stores.touches, other, aPass(other, { touchId: 't-2' }));
      const page = [
        aDeferral(contact, { verdict: 'suppressed', reason: 'blocked' }),
        aDeferral(other, { touchId: 't-2' }),
        aDeferral(contact, { touchId: 't-3' }),
      ];
      const recorded = await stores.touches.recordMany(page.map((row) => ({ row })));
      expect(recorded.map((row) => row?.verdict)).toEqual(['deferred', 'pass', 'deferred']);
      expect(await stores.touches.timeline('c-1')).toHaveLength(2);
      expect(await stores.touches.recordMany([])).toEqual([]);
    });

    it('counts decisions by verdict and reason, and settlements by kind', async () => {
      const contact = await given(stores);
      await recordOne(stores.touches, aDeferral(contact, { touchId: 't-2' }));
      await recordOne(stores.touches, aDeferral(contact, { touchId: 't-3' }));
      await reserveOne(stores.touches, contact, aPass(contact));
      await stores.touches.settle('c-1', 't-1', {
        settled: 'released',
        reason: { kind: 'refused', code: 'NO_PHONE' },
        at: AT,
      });
      const totals = await stores.touches.totals();
      expect(totals).toHaveLength(3);
      expect(totals).toEqual(
        expect.arrayContaining([
          { kind: 'decision', name: 'pass', count: 1 },
          { kind: 'decision', name: 'deferred', reason: 'cap', count: 2 },
          { kind: 'settlement', name: 'released', reason: 'refused:NO_PHONE', count: 1 },
        ]),
      );
    });

    it('counts the executions of an attempt, and begins anew with the next attempt', async () => {
      const stores = await make();
      await given(stores);
      const attempt = { contactId: 'c-1', touchId: 't-1', attempt: 1 };

      expect(await stores.touches.fenceMany([attempt])).toEqual([1]);
      expect(await stores.touches.fenceMany([attempt, { ...attempt, touchId: 't-2' }])).toEqual([
        2, 1,
      ]);
      expect(await stores.touches.fenceMany([{ ...attempt, attempt: 2 }])).toEqual([1]);
    });

    it('takes nothing from an earlier attempt once a later one holds the touch', async () => {
      const contact = await given(stores);
      await reserveOne(stores.touches, contact, aPass(contact));
      await stores.touches.settle('c-1', 't-1', { settled: 'released', at: hoursAfter(1) });
      const again = await read(stores);
      await reserveOne(stores.touches, again, aPass(again, { attempt: 2, at: hoursAfter(2) }));

      const ending = { contactId: 'c-1', touchId: 't-1', settled: 'released' } as const;
      const by = { attempt: 1, fence: 0 };
      expect(await stores.touches.settleMany([{ ...ending, at: hoursAfter(3), by }])).toEqual([
        false,
      ]);
      expect((await read(stores)).touches).toMatchObject([{ state: 'reserved', attempt: 2 }]);
    });

    it('takes nothing from an execution that a later one has overtaken', async () => {
      const stores = await make();
      await given(stores);
      const contact = await read(stores);
      const attempt = { contactId: 'c-1', touchId: 't-1', attempt: 1 };
      const [fence = 0] = await stores.touches.fenceMany([attempt]);

      const row = aPass(contact);
      expect(await stores.touches.reserveMany([{ contact, row }])).toEqual([false]);
      expect(await stores.touches.reserveMany([{ contact, row, fence }])).toEqual([true]);

      await stores.touches.fenceMany([attempt]);
      const by = { attempt: 1, fence };
      const { contactId, touchId } = attempt;
      await stores.touches.taskedMany([{ contactId, touchId, channelRef: 'm-1', by }]);
      const ending = { contactId, touchId, settled: 'released', at: hoursAfter(1) } as const;
      expect(await stores.touches.settleMany([{ ...ending, by }])).toEqual([false]);
      expect((await read(stores)).touches).toMatchObject([{ state: 'reserved' }]);

      expect(await stores.touches.settleMany([ending])).toEqual([true]);
    });
  });
}
