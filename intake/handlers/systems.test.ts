import type { SystemCallback } from '../../ports/callbacks';
import { NOW } from '../../test/fakes/api';
import { AT, aWorld } from '../../test/fakes/world';
import { openOne, reserveOne } from '../../test/support/singles';

describe('SMS, CRM and IOP', () => {
  const WORKFLOW = 'monthStart/c-1/2026-03-01';
  const TOUCH = `${WORKFLOW}/bill`;

  /** A touch reserved and handed over by a running journey. */
  async function withTouch(channel: 'sms' | 'call') {
    const world = await aWorld();
    await world.running();
    const contact = await world.contact();
    const reserved = await reserveOne(world.stores.touches, contact, {
      kind: 'decision',
      touchId: TOUCH,
      attempt: 1,
      contactId: 'c-1',
      city: 'guangzhou',
      channel,
      class: 'service',
      at: AT,
      verdict: 'pass',
      explain: [],
      policy: 'default@1',
      journey: 'monthStart',
      step: 'bill',
      workflowId: WORKFLOW,
      runId: 'r',
      revision: contact.revision + 1,
    });
    expect(reserved).toBe(true);
    await openOne(world.stores.deliveries, {
      touchId: TOUCH,
      attempt: 1,
      contactId: 'c-1',
      channel,
      workflowId: WORKFLOW,
      text: '您好',
      askedAt: NOW,
    });
    const touch = async () => (await world.contact()).touches[0];
    return { ...world, touch };
  }
  const receipt = (status: 'delivered' | 'failed', code?: string): SystemCallback => ({
    system: 'sms',
    type: 'receipt',
    id: 'r1',
    clientMessageId: TOUCH,
    messageId: 'm1',
    status,
    at: '2026-03-02T10:00:00+08:00',
    ...(code !== undefined && { code }),
  });

  test('a delivered message is settled as sent, at its own time', async () => {
    const world = await withTouch('sms');
    await world.system(receipt('delivered'));
    expect(await world.touch()).toMatchObject({ state: 'sent', at: '2026-03-02T02:00:00.000Z' });
    expect(world.engine.signalled).toEqual([]);
  });

  test('a failed message gives its slot back and the journey hears why', async () => {
    const world = await withTouch('sms');
    await world.system(receipt('failed', 'UNDELIV'));
    await world.system(receipt('failed', 'UNDELIV'));
    expect(await world.touch()).toMatchObject({ state: 'released' });
    expect(world.engine.signalled[0]).toEqual({
      workflowId: WORKFLOW,
      message: {
        signal: 'settled',
        body: { touchId: TOUCH, settled: 'released', why: 'sms:UNDELIV' },
      },
    });
    expect((await world.contact()).blocks ?? []).toEqual([]);
    const settlements = (await world.stores.touches.timeline('c-1')).filter(
      ({ kind }) => kind === 'settlement',
    );
    expect(settlements).toHaveLength(1);
  });

  test('a blacklisted number is blocked for good', async () => {
    const world = await withTouch('sms');
    await world.system(receipt('failed', 'MBBLACK'));
    expect((await world.contact()).blocks).toEqual([{ channel: 'sms', reason: 'MBBLACK' }]);
  });

  test.each(['R', 'TD', 'Ｎ', '0000', '【退订】', ' 拒收。'])(
    '%s by SMS is a refusal, whatever its width',
    async (text) => {
      const world = await aWorld();
      await world.system(upstream(text));
      expect((await world.contact()).consents).toEqual({ sms: { marketing: 'refused' } });
      expect(await world.stores.contacts.consentLog('c-1')).toEqual([
        {
          ...{ channel: 'sms', class: 'marketing', state: 'refused', source: 'sms-reply' },
          ...{ at: AT, receivedAt: '2026-03-02T02:00:00.000Z', own: true },
          address: 'phone:+8613800001234',
        },
      ]);
    },
  );

  test('a receipt of a message nobody sent can never be taken', async () => {
    const world = await aWorld();
    await expect(world.system(receipt('delivered'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  const upstream = (text: string, phone = '+8613800001234'): SystemCallback => ({
    system: 'sms',
    type: 'upstream',
    id: 'u1',
    phone,
    text,
    at: AT,
  });

  test('a refusal by SMS works at once, and an import cannot undo it', async () => {
    const world = await aWorld();
    await world.running();
    await world.system(upstream('TD'));
    await world.stores.contacts.upsertMany([
      {
        contactId: 'c-1',
        city: 'guangzhou',
        phone: '+8613800001234',
        consents: { sms: { marketing: 'granted' } },
      },
    ]);
    expect(await world.contact()).toMatchObject({
      consents: { sms: { marketing: 'refused' } },
      holds: [{ channel: 'sms', reason: 'opt-out' }],
    });
    expect(world.heard()).toEqual([{ kind: 'opted-out', at: AT, channel: 'sms' }]);
  });

  test('a refusal from a number that several have is heard by all of them', async () => {
    const world = await aWorld();
    await world.stores.contacts.upsertMany([
      { contactId: 'c-2', city: 'guangzhou', phone: '+8613800001234' },
    ]);
    await world.system(upstream('TD'));
    for (const id of ['c-1', 'c-2'])
      expect((await world.contact(id)).consents).toEqual({ sms: { marketing: 'refused' } });
  });

  test('any other answer counts as having spoken', async () => {
    const world = await aWorld();
    await world.running();
    await world.system(upstream('怎么办理？'));
    expect(await world.contact()).toMatchObject({ facts: { lastSpokeAt: AT } });
    expect(world.heard()).toEqual([{ kind: 'spoke', at: AT, channel: 'sms' }]);
  });

  test('an answer from an unknown phone is given up without naming the phone', async () => {
    const world = await aWorld();
    const failure = await world
      .system(upstream('好的', '13900000000'))
      .catch((error: Error) => error);
    expect(failure).toMatchObject({
      code: 'NOT_FOUND',
      message: expect.not.stringContaining('13900000000'),
    });
  });

  test('a completed order is kept, changes the plan and ends what offered it', async () => {
    const world = await aWorld();
    await world.running();
    await world.stores.orders.save({
      orderKey: 'o1',
      orderId: '77',
      contactId: 'c-1',
      product: 'plan-b',
      state: 'accepted',
      at: AT,
      workflowId: 'w',
      staffId: 's-1',
    });
    await world.system({
      system: 'crm',
      type: 'order',
      id: 'f1',
      orderKey: 'o1',
      orderId: '77',
      contactId: 'c-1',
      product: 'plan-b',
      state: 'completed',
      at: AT,
    });
    expect(await world.stores.orders.find('o1')).toMatchObject({
      state: 'completed',
      workflowId: 'w',
      staffId: 's-1',
    });
    expect((await world.contact()).plan).toEqual({ id: 'plan-b', fee: 99 });
    expect(world.heard()).toEqual([{ kind: 'converted', at: AT, product: 'plan-b' }]);
  });

  test('a rejected order is kept with its reason and converts nobody', async () => {
    const world = await aWorld();
    await world.running();
    await world.system({
      system: 'crm',
      type: 'order',
      id: 'f1',
      orderKey: 'o1',
      orderId: '77',
      contactId: 'c-1',
      product: 'pack',
      state: 'rejected',
      reason: '欠费',
      at: AT,
    });
    expect(await world.stores.orders.find('o1')).toMatchObject({
      state: 'rejected',
      reason: '欠费',
    });
    expect(world.heard()).toEqual([]);
  });

  test('a rejection of yesterday that is heard after the completion of today changes nothing', async () => {
    const world = await aWorld();
    const order = { system: 'crm', type: 'order', orderKey: 'o1', orderId: '77' } as const;
    const about = { ...order, contactId: 'c-1', product: 'pack' } as const;
    const completed = { ...about, id: 'f2', state: 'completed', at: AT } as const;
    const yesterday = '2026-03-01T09:59:00+08:00';
    await world.system(completed);
    await world.system({ ...about, id: 'f1', state: 'rejected', reason: '欠费', at: yesterday });
    expect(await world.stores.orders.find('o1')).toEqual({
      orderKey: 'o1',
      orderId: '77',
      contactId: 'c-1',
      product: 'pack',
      state: 'completed',
      at: AT,
    });
  });

  const call = (outcome: 'busy' | 'not-reached', dialled: boolean): SystemCallback => ({
    system: 'iop',
    type: 'call',
    id: 'c1',
    clientCallId: TOUCH,
    callId: 'call-9',
    contactId: 'c-1',
    outcome,
    dialled,
    at: AT,
  });

  test('a dialled call contacted the customer; the journey learns that and then the outcome', async () => {
    const world = await withTouch('call');
    await world.system(call('busy', true));
    expect(await world.touch()).toMatchObject({ state: 'sent', channelRef: 'call-9', at: AT });
    expect(world.engine.signalled.map(({ message }) => message)).toEqual([
      { signal: 'settled', body: { touchId: TOUCH, settled: 'sent', why: 'call:busy' } },
      {
        signal: 'contact',
        body: { kind: 'call-result', at: AT, channel: 'call', touchId: TOUCH, outcome: 'busy' },
      },
      { signal: 'changed', body: { what: 'slots' } },
    ]);
  });

  test('a call nobody dialled gives its slot back', async () => {
    const world = await withTouch('call');
    await world.system(call('not-reached', false));
    expect(await world.touch()).toMatchObject({ state: 'released' });
  });
});
