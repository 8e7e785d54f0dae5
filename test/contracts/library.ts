// What every versioned library promises.

import type { Template } from '../../rules/catalogue/texts';
import { AT, hoursAfter, type Make } from './builders';

const aText = (text: string) => ({ channel: 'sms', class: 'service', text }) satisfies Template;

export function describeLibraryContract(name: string, make: Make): void {
  describe(`a library ${name}`, () => {
    const templates = async () => (await make()).templates;

    it('counts versions from 1, each a draft with its author', async () => {
      const library = await templates();
      const first = await library.draft('hello', aText('one'), 'ann', AT);
      expect(first).toEqual({
        id: 'hello',
        version: 1,
        state: 'draft',
        body: aText('one'),
        author: 'ann',
        at: AT,
      });
      expect((await library.draft('hello', aText('two'), 'bob', AT)).version).toBe(2);
      expect(await library.find('hello', 1)).toEqual(first);
      expect(await library.find('hello', 3)).toBeNull();
      expect(await library.current('hello')).toBeNull();
      expect((await library.versions('hello')).map(({ version }) => version)).toEqual([2, 1]);
    });

    it('keeps the conditions of a calendar as they are written: dots, operators, nulls, and the order of keys', async () => {
      const { calendars } = await make();
      const audience = {
        'plan.fee': { $lt: 58, $exists: true },
        brand: null,
        $or: [{ 'facts.billDueFen': { $in: [null, 0] } }, { city: { $not: { $eq: 'yunfu' } } }],
      };
      const slot = {
        ...{ id: 'balance', anchor: { kind: 'billDay' } as const, at: '10:00', audience },
        touch: { channel: 'sms', class: 'marketing' },
      } as const;
      const plan = { id: 'month', version: 0, timezone: 'Asia/Shanghai', slots: [slot] };
      await calendars.draft('month', plan, 'ann', AT);
      expect(JSON.stringify((await calendars.find('month', 1))?.body)).toBe(JSON.stringify(plan));
    });

    it('gives every one of many drafts made at once a number of its own', async () => {
      const library = await templates();
      const drafts = await Promise.all(
        Array.from({ length: 16 }, (_, i) => library.draft('x', aText(`${i}`), 'ann', AT)),
      );
      expect(new Set(drafts.map(({ version }) => version)).size).toBe(16);
      for (const { version, body } of drafts)
        expect((await library.find('x', version))?.body).toEqual(body);
    });

    it('puts a version in force under the name of who published it', async () => {
      const library = await templates();
      await library.draft('hello', aText('one'), 'ann', AT);
      const published = await library.publish('hello', 1, 'bob', hoursAfter(1));
      expect(published).toMatchObject({
        state: 'published',
        author: 'bob',
        at: hoursAfter(1),
        body: aText('one'),
      });
      expect(await library.current('hello')).toEqual(published);
      expect(await library.publish('hello', 2, 'bob', AT)).toBeNull();
      expect(await library.publish('unknown', 1, 'bob', AT)).toBeNull();
    });

    it('never changes a published version: publishing again changes nothing, going back puts the old one in force', async () => {
      const library = await templates();
      await library.draft('hello', aText('one'), 'ann', AT);
      await library.draft('hello', aText('two'), 'ann', AT);
      const first = await library.publish('hello', 1, 'bob', AT);
      expect(await library.publish('hello', 1, 'eve', hoursAfter(9))).toEqual(first);
      await library.publish('hello', 2, 'bob', hoursAfter(1));
      expect((await library.current('hello'))?.version).toBe(2);
      expect(await library.publish('hello', 1, 'eve', hoursAfter(2))).toEqual(first);
      expect(await library.current('hello')).toEqual(first);
    });

    it('keeps every publication with its author and from when it counts', async () => {
      const library = await templates();
      await library.draft('hello', aText('one'), 'ann', AT);
      await library.draft('hello', aText('two'), 'ann', AT);
      expect(await library.publications('hello')).toEqual([]);
      await library.publish('hello', 1, 'bob', AT);
      await library.publish('hello', 2, 'eve', hoursAfter(1), hoursAfter(24));
      await library.publish('hello', 2, 'bob', hoursAfter(2), hoursAfter(24));
      await library.publish('hello', 1, 'eve', hoursAfter(3));
      expect(await library.publications('hello')).toEqual([
        { version: 1, author: 'bob', at: AT },
        { version: 2, author: 'eve', at: hoursAfter(1), effectiveFrom: hoursAfter(24) },
        { version: 1, author: 'eve', at: hoursAfter(3) },
      ]);
    });

    it('withdraws a published version for good: the one before is in force again, as it was', async () => {
      const library = await templates();
      for (const text of ['one', 'two', 'three'])
        await library.draft('hello', aText(text), 'ann', AT);
      await library.publish('hello', 1, 'bob', AT);
      await library.publish('hello', 2, 'bob', hoursAfter(1));
      const withdrawn = { use: 'latest', reason: 'wrong price', author: 'eve', at: AT } as const;
      expect(await library.withdraw('hello', 2, withdrawn)).toMatchObject({
        version: 2,
        withdrawn,
      });
      expect(await library.withdraw('hello', 2, { ...withdrawn, use: 'end' })).toMatchObject({
        withdrawn: { use: 'latest' },
      });
      expect((await library.find('hello', 2))?.withdrawn).toEqual(withdrawn);
      expect((await library.current('hello'))?.version).toBe(1);
      expect(await library.withdraw('hello', 3, withdrawn)).toBeNull();
      expect(await library.withdraw('unknown', 1, withdrawn)).toBeNull();

      await library.withdraw('hello', 1, withdrawn);
      expect(await library.current('hello')).toBeNull();
      await library.publish('hello', 3, 'bob', hoursAfter(2));
      expect((await library.current('hello'))?.version).toBe(3);
    });

    it('is not changed by what becomes of a body outside', async () => {
      const library = await templates();
      const body = { channel: 'sms' as const, class: 'service' as const, text: 'one' };
      await library.draft('hello', body, 'ann', AT);
      body.text = 'changed';
      const read = await library.find('hello', 1);
      expect(read?.body).toEqual(aText('one'));
    });

    it('lists every id with its newest version', async () => {
      const library = await templates();
      await library.draft('b', aText('one'), 'ann', AT);
      await library.draft('b', aText('two'), 'ann', AT);
      await library.draft('a', aText('one'), 'ann', AT);
      expect((await library.list()).map(({ id, version }) => `${id}@${version}`)).toEqual([
        'a@1',
        'b@2',
      ]);
    });

    it('says what is in force of every id at once, and leaves out drafts and what is withdrawn', async () => {
      const library = await templates();
      for (const id of ['c', 'a', 'b', 'd'])
        for (const text of ['one', 'two']) await library.draft(id, aText(text), 'ann', AT);
      await library.publish('c', 2, 'bob', AT);
      await library.publish('a', 1, 'bob', AT);
      await library.publish('a', 2, 'bob', hoursAfter(1));
      await library.publish('d', 1, 'bob', AT);
      const withdrawn = { use: 'end', reason: 'wrong price', author: 'eve', at: AT } as const;
      await library.withdraw('a', 2, withdrawn);
      await library.withdraw('d', 1, withdrawn);

      const inForce = await library.inForce();
      expect(inForce.map(({ id, version }) => `${id}@${version}`)).toEqual(['a@1', 'c@2']);
      expect(inForce[0]).toEqual(await library.current('a'));
    });

    it('keeps bodies as they are, empty parts included, and libraries apart', async () => {
      const stores = await make();
      const table = { days: { '2026-10-01': 'rest' as const }, names: {} };
      await stores.holidays.draft('cn', table, 'ann', AT);
      expect((await stores.holidays.find('cn', 1))?.body).toEqual(table);
      expect(await stores.catalogues.find('cn', 1)).toBeNull();
      expect(await stores.policies.list()).toEqual([]);
    });

    it('keeps the conditions within bodies, with their dots, signs and nulls', async () => {
      const { catalogues } = await make();
      const condition = { 'plan.fee': { $lt: 58 }, $or: [{ tier: null }, { brand: 'globe' }] };
      const product = { id: 'p', name: 'P', kind: 'plan', fee: 58, onShelf: true } as const;
      const body = { products: [{ ...product, segments: [{ condition }] }], migrations: [] };
      await catalogues.draft('default', body, 'ann', AT);
      expect((await catalogues.find('default', 1))?.body).toEqual(body);
    });
  });
}
