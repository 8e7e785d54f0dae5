// What every store of contacts promises.

import type { Stores } from '../../ports/stores';
import type { ConsentStatement } from '../../rules/contact/consentLog';
import type { Contact, Relation } from '../../rules/contact/contact';
import { reserveOne } from '../support/singles';
import { AT, aPass, aProfile, aRelation, given, hoursAfter, type Make, read } from './builders';

const aRefusal = (fields: Partial<ConsentStatement> = {}): ConsentStatement => ({
  channel: 'sms',
  class: 'marketing',
  state: 'refused',
  source: 'sms-reply',
  at: AT,
  receivedAt: hoursAfter(9),
  ...fields,
});

export function describeContactStoreContract(name: string, make: Make): void {
  describe(`the store of contacts ${name}`, () => {
    let stores: Stores;
    beforeEach(async () => {
      stores = await make();
    });

    it('creates contacts, changes of known ones what a row has, and counts the profile revision up', async () => {
      const { contacts } = stores;
      const first = [
        aProfile({ brand: 'm-zone', plan: { id: 'p-1', fee: 18 } }),
        aProfile({ contactId: 'c-2' }),
      ];
      expect(await contacts.upsertMany(first)).toEqual(['created', 'created']);
      const before = await read(stores);
      expect(before).toMatchObject({
        brand: 'm-zone',
        plan: { id: 'p-1', fee: 18 },
        touches: [],
        revision: 0,
      });
      const again = [aProfile({ city: 'foshan', billDay: 5 }), aProfile({ contactId: 'c-3' })];
      expect(await contacts.upsertMany(again)).toEqual(['updated', 'created']);
      expect(await read(stores)).toMatchObject({
        city: 'foshan',
        billDay: 5,
        brand: 'm-zone',
        plan: { id: 'p-1', fee: 18 },
        profileRevision: before.profileRevision + 1,
      });
      expect(await contacts.count()).toBe(3);
    });

    it('counts those of an audience, and those of it who lack a value', async () => {
      const { contacts } = stores;
      await contacts.upsertMany([
        aProfile({ contactId: 'c-1', city: 'yunfu', name: '王', plan: { id: 'p-1', fee: 18 } }),
        aProfile({ contactId: 'c-2', city: 'yunfu', name: ' ', brand: 'm-zone' }),
        aProfile({ contactId: 'c-3', city: 'foshan', plan: { id: 'p-2', fee: 58 } }),
      ]);
      expect(await contacts.countAudience({})).toBe(3);
      expect(await contacts.countAudience({ cities: [] })).toBe(0);
      expect(await contacts.countAudience({ cities: ['yunfu'], brand: 'm-zone' })).toBe(1);

      const noName = { kind: 'blank', field: 'name' } as const;
      expect(await contacts.countAudience({ cities: ['yunfu'] }, noName)).toBe(1);
      expect(await contacts.countAudience({}, { kind: 'absent', field: 'plan.fee' })).toBe(1);
      const offShelf = { kind: 'not-among', field: 'plan.id', values: ['p-1'] } as const;
      expect(await contacts.countAudience({}, offShelf)).toBe(2);
    });

    it('removes what a row says is gone, and nothing of what customers and systems said', async () => {
      const { contacts } = stores;
      const known = { name: '王', brand: 'm-zone', phone: '+8613800000000' };
      await given(stores, { ...known, facts: { dataUsedPct: 9, segment: 'A' } });
      await contacts.upsertMany([
        { contactId: 'c-1', name: null, phone: null, facts: { segment: null } },
      ]);
      const after = await read(stores);
      expect(after).toMatchObject({ brand: 'm-zone', facts: { dataUsedPct: 9 } });
      for (const field of ['name', 'phone', 'channels']) expect(after).not.toHaveProperty(field);
      expect(after.facts).not.toHaveProperty('segment');
      expect(await contacts.idsByAlias({ kind: 'phone', value: known.phone })).toEqual([]);
    });

    it('takes away what a row does not have only when it is to replace the profile', async () => {
      const { contacts } = stores;
      await given(stores, {
        brand: 'm-zone',
        plan: { id: 'p-1', fee: 18 },
        facts: { segment: 'A' },
      });
      await contacts.block('c-1', { channel: 'sms', reason: 'complaint' });
      await contacts.upsertMany([{ contactId: 'c-1', billDay: 9 }], AT, { mode: 'replace' });
      const after = await read(stores);
      expect(after).toMatchObject({
        ...{ city: 'guangzhou', billDay: 9, facts: { segment: 'A' } },
        blocks: [{ channel: 'sms', reason: 'complaint' }],
      });
      for (const field of ['brand', 'plan']) expect(after).not.toHaveProperty(field);
    });

    it('keeps the fee of a plan that a row names without one, and knows none of another plan', async () => {
      const { contacts } = stores;
      await given(stores, { plan: { id: 'p-1', fee: 18 } });
      const row = (id: string) => ({ contactId: 'c-1', plan: { id } });
      expect(await contacts.upsertMany([row('p-1')])).toEqual(['unchanged']);
      expect((await read(stores)).plan).toEqual({ id: 'p-1', fee: 18 });
      await contacts.upsertMany([row('p-2')]);
      expect((await read(stores)).plan).toEqual({ id: 'p-2' });
    });

    it('moves nothing for a row that says nothing new', async () => {
      const row = aProfile({ brand: 'a', facts: { segment: 'A' } });
      await stores.contacts.upsertMany([row]);
      const before = await read(stores);
      expect(await stores.contacts.upsertMany([row, { contactId: 'c-1' }])).toEqual([
        'unchanged',
        'unchanged',
      ]);
      expect(await read(stores)).toEqual(before);
    });

    it('needs no city for a contact that it knows, and writes no other without one', async () => {
      await given(stores);
      const rows = ['c-9', 'c-1'].map((contactId) => ({ contactId, brand: 'a' }));
      expect(await stores.contacts.upsertMany(rows)).toEqual(['no-city', 'updated']);
      expect(await read(stores)).toMatchObject({ city: 'guangzhou', brand: 'a' });
      expect(await stores.contacts.find('c-9')).toBeNull();
    });

    it('answers what a batch wrote as written when the batch is given again', async () => {
      const { contacts } = stores;
      await given(stores, { contactId: 'c-0', brand: 'a' });
      const rows = ['c-0', 'c-1', 'c-2'].map((contactId) => aProfile({ contactId, brand: 'a' }));
      await given(stores, { contactId: 'c-1', brand: 'b' });
      expect(await contacts.upsertMany(rows, AT, { batch: 'j-1/0' })).toEqual([
        'unchanged',
        'updated',
        'created',
      ]);
      const again = await contacts.upsertMany(rows, AT, { batch: 'j-1/0' });
      expect(again).toEqual(['unchanged', 'updated', 'updated']);
      expect(await contacts.upsertMany(rows, AT, { batch: 'j-2/0' })).toEqual(
        rows.map(() => 'unchanged'),
      );
      expect((await read(stores, 'c-1')).profileRevision).toBe(2);
    });

    it('foresees what would become of rows, and writes nothing', async () => {
      const before = await given(stores, { brand: 'a' });
      const rows = [
        { contactId: 'c-1', brand: 'b' },
        { contactId: 'c-1', brand: 'a' },
        aProfile({ contactId: 'c-2' }),
        { contactId: 'c-3' },
      ];
      expect(await stores.contacts.upsertMany(rows, AT, { dryRun: true })).toEqual([
        'updated',
        'unchanged',
        'created',
        'no-city',
      ]);
      expect(await read(stores)).toEqual(before);
      expect(await stores.contacts.count()).toBe(1);
    });

    it('gives back exactly what was imported and nothing of its own', async () => {
      const profile = aProfile({
        name: '王',
        timezone: 'Asia/Shanghai',
        channels: { wecom: { reachable: true } },
      });
      await stores.contacts.upsertMany([profile]);
      expect(await read(stores)).toEqual({
        ...profile,
        touches: [],
        revision: 0,
        profileRevision: 1,
      });
    });

    it('imports a contact given twice in one call twice, the later row over the earlier', async () => {
      const rows = [aProfile({ brand: 'a', payType: 'prepaid' }), aProfile({ brand: 'b' })];
      expect(await stores.contacts.upsertMany(rows)).toEqual(['created', 'updated']);
      expect(await read(stores)).toMatchObject({ brand: 'b', payType: 'prepaid' });
    });

    it('keeps touches, relations, blocks and what was learnt when an import says nothing of them', async () => {
      const { contacts } = stores;
      const contact = await given(stores);
      await reserveOne(stores.touches, contact, aPass(contact));
      await contacts.relate('c-1', aRelation());
      await contacts.block('c-1', { channel: 'sms', reason: 'complaint' });
      await contacts.learn('c-1', { lastSpokeAt: AT }, { asOf: AT });
      await contacts.patch('c-1', { dnd: [{ channels: ['sms'] }] });
      await contacts.upsertMany([aProfile({ brand: 'new', facts: { dataUsedPct: 80 } })]);
      const after = await read(stores);
      expect(after.chain).toMatch(/^[0-9a-f]{64}$/);
      expect(after).toMatchObject({
        brand: 'new',
        revision: 1,
        touches: [{ touchId: 't-1' }],
        relations: [aRelation()],
        blocks: [{ channel: 'sms', reason: 'complaint' }],
        dnd: [{ channels: ['sms'] }],
        facts: { lastSpokeAt: AT, dataUsedPct: 80 },
        channels: { wecom: { reachable: true } },
      });
    });

    it('never grants a withdrawn consent again by an import', async () => {
      await given(stores, { consents: { sms: { marketing: 'granted', service: 'unknown' } } });
      await stores.contacts.consent('c-1', [aRefusal()]);
      await stores.contacts.upsertMany([
        aProfile({
          consents: {
            sms: { marketing: 'granted', service: 'granted' },
            call: { marketing: 'granted' },
          },
        }),
      ]);
      expect((await read(stores)).consents).toEqual({
        sms: { marketing: 'refused', service: 'granted' },
        call: { marketing: 'granted' },
      });
      await stores.contacts.upsertMany([aProfile()]);
      expect((await read(stores)).consents?.sms?.marketing).toBe('refused');
    });

    it('lifts what the customer or the carrier blocked by no list and no edit, only when told to lift just that', async () => {
      const { contacts } = stores;
      await given(stores, { blocks: [{ channel: '*', reason: 'dispute' }] });
      for (const reason of ['opt-out', 'complaint', 'MBBLACK'])
        await contacts.block('c-1', { channel: 'sms', reason });
      const row = [
        { channel: 'sms', reason: 'complaint' },
        { channel: 'call', reason: 'list' },
      ];
      await contacts.upsertMany([aProfile({ blocks: row })]);
      await contacts.upsertMany([aProfile({ blocks: [] })]);
      const asked = ['opt-out', 'MBBLACK', 'complaint'].map((reason) => ({
        channel: 'sms',
        reason,
      }));
      expect((await read(stores)).blocks).toEqual(asked);
      await contacts.patch('c-1', { blocks: null });
      expect((await read(stores)).blocks).toEqual(asked);

      for (const block of asked) expect(await contacts.unblock('c-1', block)).toBe(true);
      expect(await read(stores)).not.toHaveProperty('blocks');
      expect(await contacts.unblock('c-9', { channel: 'sms', reason: 'x' })).toBe(false);
    });

    it('lets the latest word on a consent win, in whatever order it comes in', async () => {
      await given(stores);
      const { profileRevision } = await read(stores);
      await stores.contacts.consent('c-1', [aRefusal({ at: hoursAfter(2) })]);
      expect(
        await stores.contacts.consent('c-1', [aRefusal({ state: 'granted', at: hoursAfter(1) })]),
      ).toBe(true);
      const after = await read(stores);
      expect(after.consents).toEqual({ sms: { marketing: 'refused' } });
      expect(after.profileRevision).toBe(profileRevision + 1);
      await stores.contacts.consent('c-1', [aRefusal({ state: 'granted', at: hoursAfter(3) })]);
      expect((await read(stores)).consents).toEqual({ sms: { marketing: 'granted' } });
      expect(await stores.contacts.consent('c-9', [aRefusal()])).toBe(false);
    });

    it('keeps evidence of every consent that was stated, once, also of one that changed nothing', async () => {
      const { contacts } = stores;
      const claim = aProfile({ consents: { sms: { marketing: 'granted' } } });
      await contacts.upsertMany([claim], hoursAfter(-1));
      await contacts.consent('c-1', [aRefusal(), aRefusal()]);
      await contacts.consent('c-1', [aRefusal()]);
      const late = aRefusal({
        state: 'granted',
        source: 'staff',
        staffId: 's-1',
        textVersion: 'v2',
        at: hoursAfter(-2),
      });
      await contacts.consent('c-1', [late]);
      await contacts.consent('c-1', [aRefusal({ class: 'service', at: hoursAfter(1) })]);
      // An import that repeats the latest statement is no news, however often it comes.
      for (const hours of [24, 48]) await contacts.upsertMany([claim], hoursAfter(hours));
      const imported = { channel: 'sms', class: 'marketing', state: 'granted', source: 'import' };
      expect(await contacts.consentLog('c-1')).toEqual([
        { ...imported, receivedAt: hoursAfter(-1) },
        aRefusal(),
        late,
        aRefusal({ class: 'service', at: hoursAfter(1) }),
      ]);
      expect((await read(stores)).consents?.sms).toEqual({
        marketing: 'refused',
        service: 'refused',
      });
      expect(await contacts.consentLog('c-9')).toEqual([]);
    });

    it('finds every contact that has a name, until it gives the name up', async () => {
      const { contacts } = stores;
      await contacts.upsertMany([aProfile({ phone: '+8613800000000', unionId: 'u-1' })]);
      const phone = { kind: 'phone', value: '+8613800000000' } as const;
      expect(await contacts.idsByAlias(phone)).toEqual(['c-1']);
      expect(await contacts.idsByAlias({ kind: 'unionId', value: 'u-1' })).toEqual(['c-1']);

      const other = aProfile({ contactId: 'c-2', phone: '+8613800000000' });
      await contacts.upsertMany([other]);
      await contacts.upsertMany([other]);
      await contacts.block('c-1', { channel: 'sms', reason: 'complaint' });
      expect(await contacts.idsByAlias(phone)).toEqual(['c-1', 'c-2']);

      await contacts.upsertMany([aProfile({ phone: '+8613900000000' })]);
      expect(await contacts.idsByAlias(phone)).toEqual(['c-2']);
      await contacts.patch('c-2', { phone: null });
      expect(await contacts.idsByAlias(phone)).toEqual([]);
      expect(await contacts.idsByAlias({ kind: 'phone', value: '' })).toEqual([]);
    });

    it('makes SMS and calls possible with a phone, unless the profile says otherwise', async () => {
      await given(stores, { phone: '+8613800000000', channels: { call: { reachable: false } } });
      expect((await read(stores)).channels).toEqual({
        sms: { reachable: true },
        call: { reachable: false },
      });
      await stores.contacts.patch('c-1', { phone: null });
      expect((await read(stores)).channels).toEqual({ call: { reachable: false } });
      await stores.contacts.patch('c-1', { phone: '+8613900000000' });
      expect((await read(stores)).channels).toEqual({
        sms: { reachable: true },
        call: { reachable: false },
      });
    });

    it('reaches a contact on WeCom while at least one member is its friend', async () => {
      const { contacts } = stores;
      await given(stores);
      expect(await contacts.relate('c-1', aRelation())).toBe(true);
      await contacts.relate('c-1', aRelation({ staffId: 's-2', scene: 'shop' }));
      await contacts.relate('c-1', aRelation({ state: 'removed-by-customer' }));
      expect((await read(stores)).channels?.wecom).toEqual({ reachable: true });
      await contacts.relate('c-1', aRelation({ staffId: 's-2', state: 'removed-by-staff' }));
      const after = await read(stores);
      expect(after.channels?.wecom).toEqual({ reachable: false });
      expect(after.relations).toHaveLength(2);
      const wecom = { kind: 'externalUserId', value: 'wm-1' } as const;
      expect(await contacts.idsByAlias(wecom)).toEqual(['c-1']);
      expect(await contacts.relate('c-9', aRelation())).toBe(false);
    });

    it('changes nothing when the same relation or block comes in again', async () => {
      await given(stores);
      await stores.contacts.relate('c-1', aRelation());
      await stores.contacts.block('c-1', { channel: 'sms', reason: 'complaint' });
      const before = await read(stores);
      await stores.contacts.relate('c-1', aRelation());
      await stores.contacts.block('c-1', { channel: 'sms', reason: 'complaint' });
      expect(await read(stores)).toEqual(before);
    });

    it('edits some fields, removes those set to null, and keeps the id and the city', async () => {
      await given(stores, { brand: 'm-zone', billDay: 3, facts: { a: 1 } });
      expect(await stores.contacts.patch('c-1', { brand: null, billDay: 9, facts: { b: 2 } })).toBe(
        true,
      );
      const contact = await read(stores);
      expect(contact).toMatchObject({ billDay: 9, facts: { a: 1, b: 2 }, profileRevision: 2 });
      expect(contact).not.toHaveProperty('brand');
      expect(await stores.contacts.patch('c-9', { billDay: 1 })).toBe(false);
      await expect(stores.contacts.patch('c-1', { city: null })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
      await expect(stores.contacts.patch('c-1', { contactId: 'c-2' })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
    });

    it('learns facts without moving a revision', async () => {
      const before = await given(stores, { facts: { dataUsedPct: 10 } });
      const facts = { dataUsedPct: 91, products: ['p-1'] };
      const time = { asOf: AT, eventId: 'e-1' };
      const factTimes = { dataUsedPct: time, products: time };
      const after = { ...before, facts, factTimes };
      expect(await stores.contacts.learn('c-1', facts, time)).toEqual(after);
      expect(await read(stores)).toEqual(after);
      const older = { asOf: '2001-01-01T00:00:00.000Z' };
      expect(await stores.contacts.learn('c-1', { dataUsedPct: 1 }, older)).toEqual(after);
      expect(await stores.contacts.learn('c-9', { dataUsedPct: 1 }, time)).toBeNull();
    });

    it('loses none of many changes made at once', async () => {
      await given(stores);
      await Promise.all(
        Array.from({ length: 12 }, (_, i) => [
          stores.contacts.relate('c-1', aRelation({ staffId: `s-${i}` })),
          stores.contacts.block('c-1', { channel: 'call', reason: `r-${i}` }),
          stores.contacts.learn('c-1', { [`f${i}`]: i }, { asOf: AT }),
        ]).flat(),
      );
      const contact = await read(stores);
      expect(contact.relations).toHaveLength(12);
      expect(contact.blocks).toHaveLength(12);
      expect(Object.keys(contact.facts ?? {})).toHaveLength(12);
      expect(contact.profileRevision).toBe(25);
    });

    it('imports the same contact from many sides at once without losing a count', async () => {
      const rows = (brand: string) =>
        Array.from({ length: 20 }, (_, i) => aProfile({ contactId: `c-${i}`, brand }));
      const done = await Promise.all(
        ['a', 'b', 'c', 'd'].map((brand) => stores.contacts.upsertMany(rows(brand))),
      );
      const outcomes = done.flat();
      expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(20);
      expect(outcomes.filter((outcome) => outcome === 'updated')).toHaveLength(60);
      expect((await read(stores, 'c-7')).profileRevision).toBe(4);
    });

    it('walks contacts by id, within the cities of the caller', async () => {
      const city = (i: number): string => (i % 2 ? 'foshan' : 'guangzhou');
      const rows = Array.from({ length: 7 }, (_, i) =>
        aProfile({ contactId: `c-${i}`, city: city(i) }),
      );
      await stores.contacts.upsertMany([...rows].reverse());
      const idsOf = (page: readonly { contactId: string }[]): string[] =>
        page.map(({ contactId }) => contactId);
      expect(idsOf(await stores.contacts.page(null, 3))).toEqual(['c-0', 'c-1', 'c-2']);
      expect(idsOf(await stores.contacts.page('c-2', 10))).toEqual(['c-3', 'c-4', 'c-5', 'c-6']);
      expect(idsOf(await stores.contacts.page('c-0', 2, { cities: ['foshan'] }))).toEqual([
        'c-1',
        'c-3',
      ]);
      expect(await stores.contacts.page(null, 10, { cities: [] })).toEqual([]);
    });

    it('shows a contact only to those who may see its city', async () => {
      await given(stores);
      expect(await stores.contacts.find('c-1', { cities: ['guangzhou', 'foshan'] })).not.toBeNull();
      expect(await stores.contacts.find('c-1', { cities: ['foshan'] })).toBeNull();
      expect(await stores.contacts.find('c-1', { cities: [] })).toBeNull();
      expect(await stores.contacts.find('c-9')).toBeNull();
      const many = await stores.contacts.findMany(['c-1', 'c-9', 'c-1']);
      expect(many.map(({ contactId }) => contactId)).toEqual(['c-1']);
    });

    it('finds the contacts of WeCom customers, and the friends of a member, whatever else they have', async () => {
      const stores = await make();
      const relation = (staffId: string, externalUserId: string, state = 'friend') =>
        ({ staffId, externalUserId, state, addedAt: AT }) as Relation;
      const people: [string, Relation[]][] = [
        ['c-1', [relation('s-1', 'w-1'), relation('s-2', 'w-1', 'removed-by-staff')]],
        ['c-2', [relation('s-1', 'w-2', 'removed-by-customer'), relation('s-2', 'w-2')]],
        ['c-3', [relation('s-2', 'w-3'), relation('s-1', 'w-3')]],
        ['c-4', []],
      ];
      for (const [contactId, relations] of people) await given(stores, { contactId, relations });

      const ids = (contacts: readonly Contact[]) => contacts.map(({ contactId }) => contactId);
      const { contacts } = stores;
      expect(ids(await contacts.findByExternalUsers(['w-3', 'w-1', 'w-9'])).sort()).toEqual([
        'c-1',
        'c-3',
      ]);
      expect(await contacts.findByExternalUsers([])).toEqual([]);
      expect(await contacts.staffWithRelations()).toEqual(['s-1', 's-2']);
      expect(ids(await contacts.friendsOfStaff('s-1', null, 9))).toEqual(['c-1', 'c-3']);
      expect(ids(await contacts.friendsOfStaff('s-1', null, 1))).toEqual(['c-1']);
      expect(ids(await contacts.friendsOfStaff('s-2', 'c-2', 9))).toEqual(['c-3']);
    });
  });
}
