import { goOnWithAll } from '../../intake/forget';
import { checkLedger } from '../../reports/proof/check';
import { readKeyRing } from '../../rules/ledger/keyRing';
import { aPass, given } from '../../test/contracts/builders';
import { createFakeApi, NOW } from '../../test/fakes/api';
import { BASIS, PROVED_POLICY } from '../../test/fakes/ledger';
import { reserveOne } from '../../test/support/singles';

const KEYS = readKeyRing(
  'k1:the-key-that-signs-this-ledger',
  undefined,
  undefined,
  'a-secret-of-names',
);
const PATH = '/api/v1/contacts/c-1?reason=customer+asked';

/** A customer with a name, a number and a touch. */
async function aCustomer(keys = KEYS) {
  const api = await createFakeApi({}, undefined, keys);
  const contact = await given(api.stores, {
    ...{ name: '王', phone: '+8613800001234', unionId: 'u-1' },
    relations: [
      {
        staffId: 's-1',
        externalUserId: 'wm-1',
        state: 'friend',
        addedAt: '2026-03-01T00:00:00.000Z',
      },
    ],
  });
  await reserveOne(api.stores.touches, contact, aPass(contact, { touchId: 'overage/c-1/e/offer' }));
  return { ...api, contact };
}

async function run(api: Awaited<ReturnType<typeof aCustomer>>): Promise<string> {
  const started = await api.call('post', '/api/v1/journeys/monthStart/runs', {
    ...{ contactId: 'c-1', billedAt: '2026-03-01T00:00:00+08:00' },
  });
  return (started.body as { workflowId: string }).workflowId;
}

const deps = ({ deps: { stores, engine, clock, log } }: Awaited<ReturnType<typeof aCustomer>>) => ({
  ...{ stores, engine, clock, log },
  subjectOf: KEYS.subjectOf,
});

describe('to forget a customer', () => {
  it('leaves nothing that names him, and says what is gone and what the law keeps', async () => {
    const api = await aCustomer();
    const { status, body } = await api.call('delete', PATH);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ state: 'forgotten', reason: 'customer asked', by: 'admin' },
      subject: expect.stringMatching(/^~[0-9a-f]{32}$/),
      removed: { ledger: 2, contacts: 1 },
    });
    expect(body.kept.map(({ what }: { what: string }) => what)).toContain('ledger');
    expect(JSON.stringify(body)).not.toMatch(/13800001234|"c-1"|wm-1|u-1/);

    expect((await api.call('get', '/api/v1/contacts/c-1')).status).toBe(404);
    expect(await api.stores.touches.timeline('c-1')).toEqual([]);
    expect(await api.stores.touches.timeline(body.subject)).toMatchObject([
      { touchId: `overage/${body.subject}/e/offer` },
      { settled: 'released', why: 'withdrawn:forgotten' },
    ]);
  });

  it('takes every record of the person, also one that went into another', async () => {
    const api = await aCustomer();
    const stranger = { contactId: 'wx-wm-2', city: 'unassigned', unionId: 'u-2' };
    const contact = await given(api.stores, stranger);
    const touchId = 'welcome/wx-wm-2/s-1/hello';
    await reserveOne(api.stores.touches, contact, aPass(contact, { touchId }));
    const merge = { other: 'wx-wm-2', reason: 'one person' };
    expect((await api.call('post', '/api/v1/contacts/c-1:merge', merge)).status).toBe(200);

    const { body } = await api.call('delete', PATH);
    expect(body).toMatchObject({ state: 'forgotten', removed: { contacts: 1 } });
    for (const id of ['c-1', 'wx-wm-2']) {
      expect(await api.stores.contacts.findKept([id])).toEqual([]);
      expect(await api.stores.touches.timeline(id)).toEqual([]);
    }
  });

  it('waits until the running journeys have ended, and is gone on with by whichever process is there', async () => {
    const api = await aCustomer();
    const workflowId = await run(api);
    const { status, body } = await api.call('delete', PATH);
    expect([status, body.state]).toEqual([202, 'forgetting']);
    expect(api.engine.signalled).toMatchObject([
      { workflowId, message: { signal: 'contact', body: { kind: 'forgotten' } } },
    ]);
    const waiting = await api.stores.contacts.find('c-1');
    expect(waiting?.blocks).toEqual([{ channel: '*', reason: 'forgotten' }]);

    await api.stores.runs.close(workflowId, 'forgotten', new Date(NOW).toISOString());
    await goOnWithAll(deps(api));
    const shown = await api.call('get', `/api/v1/forgotten/${body.subject}`);
    expect(shown.body).toMatchObject({ state: 'forgotten', removed: { contacts: 1 } });
    expect(await api.stores.forgetting.open()).toEqual([]);
  });

  it('gives a task that was taken back some minutes to be stopped, and the ledger an end of it', async () => {
    const api = await aCustomer();
    const touchId = 'overage/c-1/e/offer';
    await api.stores.touches.taskedMany([{ contactId: 'c-1', touchId, channelRef: 'm-1' }]);
    const { status, body } = await api.call('delete', PATH);
    expect(status).toBe(202);

    api.time.now = NOW + 9 * 60_000;
    await goOnWithAll(deps(api));
    expect(await api.stores.forgetting.open()).toHaveLength(1);
    api.time.now = NOW + 10 * 60_000;
    await goOnWithAll(deps(api));
    expect(await api.stores.forgetting.open()).toEqual([]);
    expect((await api.stores.touches.timeline(body.subject)).at(-1)).toMatchObject({
      ...{ settled: 'released', why: 'withdrawn:forgotten', channelRef: 'm-1' },
    });
  });

  it('answers the same when it is asked again, and knows nobody who never was', async () => {
    const api = await aCustomer();
    const { body } = await api.call('delete', PATH);
    expect((await api.call('delete', `${PATH}+again`)).body).toEqual(body);
    expect((await api.call('delete', '/api/v1/contacts/c-9?reason=x')).status).toBe(404);
  });

  it('is for admins, with a reason, and where there are pseudonyms', async () => {
    const api = await aCustomer();
    expect((await api.call('delete', PATH, undefined, await api.keyFor('ops'))).status).toBe(403);
    for (const query of ['', '?reason=', '?reason=%20'])
      expect((await api.call('delete', `/api/v1/contacts/c-1${query}`)).status).toBe(422);

    const bare = await aCustomer(readKeyRing(undefined));
    const { status, body } = await bare.call('delete', PATH);
    expect([status, body.errors?.[0]?.path ?? body.detail]).toEqual([
      409,
      expect.stringContaining('SOPFLOW_PSEUDONYM_KEY'),
    ]);
    expect((await bare.call('get', '/api/v1/contacts/c-1')).status).toBe(200);
  });

  it('drops what is heard of him afterwards, and keeps what is heard of nobody else', async () => {
    const api = await aCustomer();
    await api.call('delete', PATH);
    const at = new Date(NOW).toISOString();
    const hear = (contactId: string) =>
      api.handle({
        ...{ key: contactId, kind: 'event', lane: `contact/${contactId}`, receivedAt: NOW },
        payload: { eventId: 'e-1', type: 'bill-paid', contactId, occurredAt: at, data: {} },
      });
    await hear('c-1');
    await expect(hear('c-2')).rejects.toMatchObject({ code: 'NOT_FOUND' });

    const receipt = { id: 'r-1', system: 'sms', type: 'receipt', messageId: 'm-1', at };
    await api.handle({
      ...{ key: 'r-1', kind: 'sms', lane: 'touch/overage/c-1/e/offer', receivedAt: NOW },
      payload: { ...receipt, clientMessageId: 'overage/c-1/e/offer', status: 'delivered' },
    });
  });
});

describe('who was forgotten and comes back', () => {
  const GRANTED = { sms: { marketing: 'granted' }, wecom: { marketing: 'granted' } };
  const consentsOf = async (api: Awaited<ReturnType<typeof aCustomer>>, contactId: string) =>
    (await api.stores.contacts.find(contactId))?.consents;
  const REFUSED = { sms: { marketing: 'refused' }, wecom: { marketing: 'refused' } };

  it.each([
    ['his own id', { contactId: 'c-1' }],
    ['his number under another id', { contactId: 'c-7', phone: '13800001234' }],
    ['his union id', { contactId: 'c-8', unionId: 'u-1' }],
  ])('by %s is marketed to on no channel, whatever a list claims', async (_, row) => {
    const api = await aCustomer();
    await api.call('delete', PATH);
    const answer = await api.call('put', '/api/v1/contacts:batch', [
      { ...row, city: 'yunfu', consents: GRANTED },
    ]);
    expect(answer.body).toMatchObject({ accepted: 1, created: 1 });
    expect(await consentsOf(api, row.contactId)).toMatchObject({
      ...REFUSED,
      call: { marketing: 'refused' },
    });
  });

  it('is so, too, where a contact that is known gets his number', async () => {
    const api = await aCustomer();
    await api.call('delete', PATH);
    const row = { contactId: 'c-7', city: 'yunfu', consents: GRANTED };
    await api.call('put', '/api/v1/contacts:batch', [row]);
    expect(await consentsOf(api, 'c-7')).toEqual(GRANTED);
    await api.call('patch', '/api/v1/contacts/c-7', { phone: '138 0000 1234' });
    expect(await consentsOf(api, 'c-7')).toMatchObject(REFUSED);
  });

  it('may be marketed to by a consent that is younger', async () => {
    const api = await aCustomer();
    await api.call('delete', PATH);
    api.time.now = NOW + 60_000;
    const consentsAt = new Date(NOW + 30_000).toISOString();
    const row = { contactId: 'c-1', city: 'yunfu', consents: GRANTED, consentsAt };
    await api.call('put', '/api/v1/contacts:batch', [row]);
    expect(await consentsOf(api, 'c-1')).toMatchObject(GRANTED);
  });

  it('begins a life of his own in the ledger, which nothing ties to the one before', async () => {
    const api = await aCustomer();
    const { body } = await api.call('delete', PATH);
    const contact = await given(api.stores, { contactId: 'c-1' });
    await reserveOne(
      api.stores.touches,
      contact,
      aPass(contact, { touchId: 'overage/c-1/e/offer', class: 'service' }),
    );
    const [row] = await api.stores.touches.timeline('c-1');
    expect(row).toMatchObject({ life: 2, sequence: 1, subject: KEYS.subjectOf?.('c-1', 2) });
    expect(row?.subject).not.toBe(body.subject);

    expect((await api.call('delete', PATH)).body).toMatchObject({ state: 'forgotten' });
    expect(await given(api.stores, { contactId: 'c-1' })).toMatchObject({ life: 3 });
  });
});

test('the ledger is proved as before after a thousand customers were forgotten', async () => {
  const api = await createFakeApi({}, undefined, KEYS);
  const ids = Array.from({ length: 1_200 }, (_, i) => `c-${i}`);
  await api.stores.contacts.upsertMany(ids.map((contactId) => ({ contactId, city: 'yunfu' })));
  for (const contact of await api.stores.contacts.findMany(ids)) {
    const touchId = `overage/${contact.contactId}/e/offer`;
    await reserveOne(
      api.stores.touches,
      contact,
      aPass(contact, {
        touchId,
        class: 'service',
        settleBy: '2026-03-03T02:00:00.000Z',
        basis: BASIS,
      }),
    );
    const end = { settled: 'sent', at: '2026-03-02T02:00:00.000Z', channelRef: touchId } as const;
    await api.stores.touches.settle(contact.contactId, touchId, end);
  }
  for (const contactId of ids.slice(0, 1_000))
    await api.call('delete', `/api/v1/contacts/${contactId}?reason=asked`);

  const versions = { policy: async () => PROVED_POLICY, holidays: async () => null };
  let summary: unknown;
  for await (const event of checkLedger({
    rows: api.stores.touches.export(),
    versions,
    ledgerKeys: KEYS,
  }))
    if ('summary' in event) summary = event.summary;
  expect(summary).toMatchObject({ rows: 2_400, contacts: 1_200, forgotten: 1_000, byKind: {} });
}, 60_000);
