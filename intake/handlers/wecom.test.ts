import fc from 'fast-check';
import type { WecomCallback } from '../../ports/callbacks';
import { NOW } from '../../test/fakes/api';
import { aWorld } from '../../test/fakes/world';

describe('WeCom', () => {
  const added = (more: object = {}): WecomCallback => ({
    kind: 'added',
    half: false,
    dedupeKey: 'k1',
    at: NOW - 1000,
    staffId: 's-1',
    externalUserId: 'wm1',
    welcomeCode: 'code',
    scene: 'store-7',
    ...more,
  });
  const removed = (at = NOW): WecomCallback => ({
    kind: 'removed-by-customer',
    dedupeKey: 'k2',
    at,
    staffId: 's-1',
    externalUserId: 'wm1',
  });

  test('a customer is recognised by a phone that staff noted, and welcomed', async () => {
    const world = await aWorld();
    world.customers.set('wm1', {
      externalUserId: 'wm1',
      relations: [{ staffId: 's-1', addedAt: NOW, phones: ['+8613800001234'] }],
    });
    await world.wecom(added());
    expect((await world.contact()).relations).toEqual([
      {
        staffId: 's-1',
        externalUserId: 'wm1',
        state: 'friend',
        addedAt: '2026-03-02T01:59:59.000Z',
        scene: 'store-7',
      },
    ]);
    expect(world.engine.starts).toMatchObject([
      {
        journey: 'welcome',
        workflowId: 'welcome/c-1/s-1',
        input: {
          contactId: 'c-1',
          staffId: 's-1',
          externalUserId: 'wm1',
          entry: '1772416799',
          welcomeId: 's-1/wm1/1772416799',
          scene: 'store-7',
          addedAt: '2026-03-02T01:59:59.000Z',
        },
      },
    ]);
  });

  test('the code of a welcome stays out of the run, which names it only', async () => {
    const world = await aWorld();
    await world.wecom(added({ welcomeCode: 'the-secret-code' }));
    expect(JSON.stringify(world.engine.starts)).not.toContain('the-secret-code');
    const named = await world.stores.welcomeCodes.find('s-1/wm1/1772416799');
    expect(named).toBe('the-secret-code');
  });

  test('a customer is recognised by the union id before any phone', async () => {
    const world = await aWorld();
    await world.stores.contacts.upsertMany([{ contactId: 'c-2', city: 'shenzhen', unionId: 'u2' }]);
    world.customers.set('wm1', {
      externalUserId: 'wm1',
      unionId: 'u2',
      relations: [{ staffId: 's-1', addedAt: NOW, phones: ['+8613800001234'] }],
    });
    await world.wecom(added());
    expect(world.engine.starts).toMatchObject([
      { workflowId: 'welcome/c-2/s-1', city: 'shenzhen' },
    ]);
  });

  test('a stranger becomes a contact of no city yet, once', async () => {
    const world = await aWorld();
    await world.wecom(added());
    await world.wecom(added());
    expect(await world.contact('wx-wm1')).toMatchObject({
      city: 'unassigned',
      relations: [{ staffId: 's-1' }],
    });
    expect(world.engine.starts).toHaveLength(1);
  });

  test("the member's confirmation after a half add greets nobody twice", async () => {
    const world = await aWorld();
    await world.wecom(added({ half: true }));
    world.engine.close('welcome/wx-wm1/s-1');
    const { welcomeCode: _none, ...confirmed } = added({
      dedupeKey: 'k3',
      at: NOW,
    }) as WecomCallback & {
      welcomeCode?: string;
    };
    await world.wecom(confirmed);
    expect(world.engine.starts).toHaveLength(1);
  });

  test('a customer who comes back is welcomed again', async () => {
    const world = await aWorld();
    await world.wecom(added());
    world.engine.close('welcome/wx-wm1/s-1');
    await world.wecom(removed());
    await world.wecom(added({ dedupeKey: 'k4', at: NOW + 60_000, welcomeCode: 'code2' }));
    expect(world.engine.starts.map(({ input }) => (input as { entry: string }).entry)).toEqual([
      '1772416799',
      '1772416860',
    ]);
  });

  test('an ended friendship is kept and told to running journeys', async () => {
    const world = await aWorld();
    await world.wecom(added());
    await world.wecom(removed());
    expect((await world.contact('wx-wm1')).relations).toMatchObject([
      { state: 'removed-by-customer', addedAt: '2026-03-02T01:59:59.000Z' },
    ]);
    expect(world.heard()).toEqual([
      { kind: 'friend-removed', at: '2026-03-02T02:00:00.000Z', staffId: 's-1' },
    ]);
  });

  test('a call-back about an ending that comes after the customer is back changes nothing', async () => {
    const world = await aWorld();
    await world.wecom(added());
    await world.wecom(removed(NOW - 60_000));
    expect((await world.contact('wx-wm1')).relations).toMatchObject([{ state: 'friend' }]);
    expect(world.heard()).toEqual([]);
  });

  test('events of no concern are acknowledged', async () => {
    const world = await aWorld();
    await world.wecom({ kind: 'other', dedupeKey: 'x', at: NOW, event: 'change_external_tag' });
    expect(await world.stores.contacts.count()).toBe(1);
  });

  test('an add that is heard after its ending makes no friend and greets nobody', async () => {
    const world = await aWorld();
    await world.wecom(removed());
    await world.wecom(added());
    const contact = await world.contact('wx-wm1');
    expect(contact.relations).toMatchObject([
      {
        state: 'removed-by-customer',
        addedAt: '2026-03-02T01:59:59.000Z',
        removedAt: '2026-03-02T02:00:00.000Z',
        scene: 'store-7',
      },
    ]);
    expect(contact.channels?.wecom).toEqual({ reachable: false });
    expect(world.engine.starts).toEqual([]);
  });

  test('whatever order call-backs come in, the contact is the same and who is no friend is not greeted', async () => {
    const words = fc.uniqueArray(
      fc.record({ second: fc.integer({ min: 1, max: 20 }), isAdd: fc.boolean() }),
      { selector: ({ second }) => second, minLength: 1, maxLength: 5 },
    );
    const orders = words.chain((told) =>
      fc.tuple(fc.constant(told), fc.shuffledSubarray(told, { minLength: told.length })),
    );
    await fc.assert(
      fc.asyncProperty(orders, async ([told, order]) => {
        const endOf = async (given: typeof told) => {
          const world = await aWorld();
          for (const { second, isAdd } of given) {
            const at = NOW + second * 1000;
            const dedupeKey = `k${second}`;
            const about = { dedupeKey, at, welcomeCode: dedupeKey, scene: undefined };
            await world.wecom(isAdd ? added(about) : { ...removed(at), dedupeKey });
            world.engine.close('welcome/wx-wm1/s-1');
          }
          const { profileRevision, ...contact } = await world.contact('wx-wm1');
          return { contact, greeted: world.engine.starts.map(({ input }) => input) };
        };

        const inOrder = await endOf([...told].sort((a, b) => a.second - b.second));
        const found = await endOf(order);
        expect(found.contact).toEqual(inOrder.contact);
        const last = Math.max(...told.map(({ second }) => second));
        const isFriend = told.some(({ second, isAdd }) => isAdd && second === last);
        expect(found.contact.relations?.[0]?.state === 'friend').toBe(isFriend);
        for (const greeting of found.greeted) expect(inOrder.greeted).toContainEqual(greeting);
      }),
      { numRuns: 100 },
    );
  });
});
