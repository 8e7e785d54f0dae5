import request from 'supertest';
import { createFakeApi } from '../../test/fakes/api';
import { recordOne } from '../../test/support/singles';
import * as answers from '../answers';
import { card } from './contacts';

const row = (contactId: string, more: object = {}) => ({ contactId, city: 'guangzhou', ...more });

test('takes the good rows of a batch and answers each bad one with its place', async () => {
  const api = await createFakeApi();
  const answer = await api.call('put', '/api/v1/contacts:batch', [
    row('c-1'),
    row('c-2', { citty: 'x' }),
    row('c/3'),
    { contactId: 'c-4' },
    row('c-1', { brand: 'b' }),
  ]);
  expect(answer.status).toBe(200);
  expect(answers.batch.safeParse(answer.body).success).toBe(true);
  expect(answer.body).toMatchObject({
    ...{ accepted: 1, duplicate: 1, refused: 3 },
    ...{ created: 1, updated: 0, unchanged: 0 },
  });
  expect(answer.body.rows[1]).toMatchObject({
    row: 1,
    status: 'refused',
    code: 'INVALID_INPUT',
    issues: [{ path: 'citty' }],
  });
  expect(answer.body.rows[2].issues[0]).toMatchObject({ path: 'contactId', value: '"c/3"' });
  expect(answer.body.rows[3].issues[0]).toMatchObject({ path: 'city' });
  expect(answer.body.rows[0]).toMatchObject({ id: 'c-1', status: 'duplicate' });
  expect(answer.body.rows[0].issues[0].message).toContain('row 4');
  expect(await api.stores.contacts.count()).toBe(1);
  expect(await api.stores.contacts.find('c-1')).toMatchObject({ brand: 'b' });
});

test('leaves alone what a row does not have, removes what is null, and replaces when asked', async () => {
  const api = await createFakeApi();
  const put = (rows: object[], query = '') =>
    api.call('put', `/api/v1/contacts:batch${query}`, rows);
  const known = { brand: 'm-zone', plan: { id: 'p-59', fee: 59 }, billDay: 15 };
  await put([row('c-1', { name: '王', ...known })]);

  const answer = await put([{ contactId: 'c-1', name: null, facts: { balanceFen: 5 } }]);
  expect(answer.body).toMatchObject({ accepted: 1, updated: 1 });
  expect(await api.stores.contacts.find('c-1')).toMatchObject({ ...known, city: 'guangzhou' });
  expect(await api.stores.contacts.find('c-1')).not.toHaveProperty('name');

  await put([{ contactId: 'c-1', billDay: 3 }], '?replace=true');
  const contact = await api.stores.contacts.find('c-1');
  expect(contact).toMatchObject({ billDay: 3, facts: { balanceFen: 5 } });
  expect(contact).not.toHaveProperty('brand');
  expect(contact).not.toHaveProperty('plan');
});

test.each(['city', 'consents', 'personalisation', 'citty'])(
  'refuses a row that would remove %s',
  async (field) => {
    const api = await createFakeApi();
    const answer = await api.call('put', '/api/v1/contacts:batch', [row('c-1', { [field]: null })]);
    expect(answer.body.rows[0]).toMatchObject({ status: 'refused', issues: [{ path: field }] });
  },
);

test('takes JSONL and tells the line that is no JSON', async () => {
  const api = await createFakeApi();
  const answer = await request(api.app)
    .put('/api/v1/contacts:batch')
    .set('Authorization', await api.keyFor('machine'))
    .set('Content-Type', 'application/x-ndjson')
    .send(`${JSON.stringify(row('c-1'))}\n{broken\n\n${JSON.stringify(row('c-2'))}\n`);
  expect(answer.body).toMatchObject({
    accepted: 2,
    refused: 1,
    rows: [{ row: 0 }, { row: 1, status: 'refused' }, { row: 2 }],
  });
});

test('takes rows under the field "contacts", and no other field', async () => {
  const api = await createFakeApi();
  expect(
    (await api.call('put', '/api/v1/contacts:batch', { contacts: [row('c-1')] })).body.accepted,
  ).toBe(1);
  const answer = await api.call('put', '/api/v1/contacts:batch', { contacts: [], dryRun: true });
  expect(answer.status).toBe(422);
  expect(answer.body.issues[0].path).toBe('dryRun');
});

test('refuses more than 5,000 rows', async () => {
  const api = await createFakeApi();
  const rows = Array.from({ length: 5001 }, (_, i) => row(`c-${i}`));
  const answer = await api.call('put', '/api/v1/contacts:batch', rows);
  expect(answer.status).toBe(413);
  expect(answer.body.detail).toContain('5000');
  expect(await api.stores.contacts.count()).toBe(0);
});

test('a key limited to a city neither writes to another nor takes a contact from it', async () => {
  const api = await createFakeApi();
  await api.call('put', '/api/v1/contacts:batch', [row('c-1', { city: 'shenzhen' })]);
  const limited = await api.keyFor('machine', ['guangzhou']);
  const answer = await api.call(
    'put',
    '/api/v1/contacts:batch',
    [row('c-2', { city: 'shenzhen' }), row('c-1'), row('c-3')],
    limited,
  );
  expect(
    answer.body.rows.map(({ status, code }: { status: string; code?: string }) => [status, code]),
  ).toEqual([
    ['refused', 'FORBIDDEN'],
    ['refused', 'FORBIDDEN'],
    ['accepted', undefined],
  ]);
  expect((await api.stores.contacts.find('c-1'))?.city).toBe('shenzhen');
});

test('a contact of another city does not exist for a limited key', async () => {
  const api = await createFakeApi();
  await api.call('put', '/api/v1/contacts:batch', [row('c-1', { city: 'shenzhen' })]);
  const limited = await api.keyFor('ops', ['guangzhou']);
  for (const path of ['/api/v1/contacts/c-1', '/api/v1/contacts/c-1/decisions'])
    expect((await api.call('get', path, undefined, limited)).status).toBe(404);
  expect((await api.call('patch', '/api/v1/contacts/c-1', { brand: 'x' }, limited)).status).toBe(
    404,
  );
  expect((await api.call('put', '/api/v1/contacts/c-1/dnd', { dnd: [] }, limited)).status).toBe(
    404,
  );
  expect(
    (await api.call('get', '/api/v1/contacts?city=shenzhen', undefined, limited)).body.items,
  ).toEqual([]);
});

test('the card tells the whole story, and shows a viewer the phone masked', async () => {
  const api = await createFakeApi();
  await api.call('put', '/api/v1/contacts:batch', [
    row('c-1', { phone: '13800001234', unionId: 'u1', facts: { dataUsedPct: 50, segment: 'A' } }),
  ]);
  await api.call('post', '/api/v1/journeys/monthStart/runs', {
    contactId: 'c-1',
    billedAt: '2026-03-01T00:00:00+08:00',
  });
  const seen = await api.call('get', '/api/v1/contacts/c-1', undefined, await api.keyFor('viewer'));
  expect(card.answer?.safeParse(seen.body).success).toBe(true);
  expect(seen.body.contact).toMatchObject({
    phone: '138****1234',
    facts: { dataUsedPct: 50, segment: 'A' },
  });
  expect(seen.body.contact).not.toHaveProperty('unionId');
  expect(seen.body.runs).toMatchObject([
    {
      workflowId: 'monthStart/c-1/2026-03-01',
      link: 'http://ui.test/namespaces/default/workflows/monthStart%2Fc-1%2F2026-03-01',
    },
  ]);
  const whole = await api.call(
    'get',
    '/api/v1/contacts/c-1',
    undefined,
    await api.keyFor('machine'),
  );
  expect(whole.body.contact).toMatchObject({ phone: '+8613800001234', unionId: 'u1' });
});

test('keeps a phone in one form, however it is written, and refuses what is none with the reason', async () => {
  const api = await createFakeApi();
  const written = [
    '１３８ ００００-1234',
    '008613800001234',
    '13800001234.0',
    "'+86 138 0000 1234",
  ];
  const imported = await api.call('put', '/api/v1/contacts:batch', [
    ...written.map((phone, i) => row(`c-${i}`, { phone })),
    row('c-8', { phone: '1.38E+10' }),
    row('c-9', { phone: '13800001234/13800001235' }),
  ]);
  expect(imported.body.rows.slice(4)).toMatchObject([
    {
      status: 'refused',
      issues: [
        {
          path: 'phone',
          message: expect.stringContaining(
            'by a spreadsheet as 1.38E+10: format the column as text',
          ),
        },
      ],
    },
    { status: 'refused', issues: [{ message: expect.stringContaining('not several') }] },
  ]);

  const found = await api.call('get', '/api/v1/contacts?phone=138-0000-1234');
  expect(found.body.items.map(({ contactId }: { contactId: string }) => contactId)).toEqual(
    written.map((_, i) => `c-${i}`),
  );

  const patched = await api.call('patch', '/api/v1/contacts/c-0', { phone: '0755-81234567' });
  expect(patched.body).toMatchObject({ phone: '+8675581234567' });
  const refused = await api.call('patch', '/api/v1/contacts/c-0', { phone: '+13800001234' });
  expect(refused.status).toBe(422);
  const limited = await api.keyFor('viewer', ['shenzhen']);
  expect(
    (await api.call('get', '/api/v1/contacts?phone=13800001234', undefined, limited)).body.items,
  ).toEqual([]);
});

test('lists contacts page by page until there is no next', async () => {
  const api = await createFakeApi();
  await api.call(
    'put',
    '/api/v1/contacts:batch',
    ['a', 'b', 'c'].map((id) => row(id)),
  );
  const first = (await api.call('get', '/api/v1/contacts?limit=2')).body;
  expect(first.items.map(({ contactId }: { contactId: string }) => contactId)).toEqual(['a', 'b']);
  const second = (await api.call('get', `/api/v1/contacts?limit=2&after=${first.next}`)).body;
  expect(second).toMatchObject({ items: [{ contactId: 'c' }], next: null });
});

test('changes fields, removes those that are null, and refuses what cannot be removed', async () => {
  const api = await createFakeApi();
  await api.call('put', '/api/v1/contacts:batch', [row('c-1', { brand: 'gotone', billDay: 5 })]);
  const answer = await api.call('patch', '/api/v1/contacts/c-1', {
    brand: null,
    billDay: 6,
    facts: { balanceFen: 100 },
  });
  expect(answer.body).toMatchObject({ billDay: 6, facts: { balanceFen: 100 } });
  expect(answer.body).not.toHaveProperty('brand');
  expect((await api.call('patch', '/api/v1/contacts/c-1', { city: null })).status).toBe(422);
  const unknown = await api.call('patch', '/api/v1/contacts/c-1', { revision: 7 });
  expect(unknown.status).toBe(422);
  expect(unknown.body.issues[0]).toMatchObject({ path: 'revision' });
});

test('a withdrawn consent is kept and running journeys hear of it at once', async () => {
  const api = await createFakeApi();
  await api.call('put', '/api/v1/contacts:batch', [row('c-1')]);
  await api.call('post', '/api/v1/journeys/monthStart/runs', {
    contactId: 'c-1',
    billedAt: '2026-03-01T00:00:00Z',
  });
  const change = { channel: 'sms', class: 'marketing', state: 'refused', source: 'staff' };
  const answer = await api.call('put', '/api/v1/contacts/c-1/consents', { changes: [change] });
  expect(answer.body.consents).toEqual({ sms: { marketing: 'refused' } });
  expect(api.engine.signalled).toMatchObject([
    { message: { signal: 'contact', body: { kind: 'opted-out', channel: 'sms' } } },
  ]);
});

test('replaces the times of rest', async () => {
  const api = await createFakeApi();
  await api.call('put', '/api/v1/contacts:batch', [row('c-1')]);
  const dnd = [{ until: '2026-03-05T00:00:00+08:00', channels: ['sms'] }];
  expect((await api.call('put', '/api/v1/contacts/c-1/dnd', { dnd })).body.dnd).toEqual([
    { until: '2026-03-04T16:00:00.000Z', channels: ['sms'] },
  ]);
});

test('an import is heard by the runs whose touches of its customers wait for staff', async () => {
  const api = await createFakeApi();
  await api.call('put', '/api/v1/contacts:batch', [row('c-1'), row('c-2')]);
  const billedAt = '2026-03-01T00:00:00+08:00';
  for (const contactId of ['c-1', 'c-2'])
    await api.call('post', '/api/v1/journeys/monthStart/runs', { contactId, billedAt });

  const { deliveries } = api.stores;
  const workflowId = 'monthStart/c-2/2026-03-01';
  const delivery = { touchId: 't-1', contactId: 'c-2', text: '', channel: 'wecom', workflowId };
  await deliveries.openMany([{ ...delivery, askedAt: 1, attempt: 1 }]);
  const answer = { kind: 'tasked', channelRef: 'msg-1' } as const;
  await deliveries.answerMany([{ touchId: 't-1', attempt: 1, answer }]);

  await api.call('put', '/api/v1/contacts:batch', [row('c-1'), row('c-2')]);
  expect(api.engine.signalled).toEqual([
    { workflowId, message: { signal: 'changed', body: { what: 'profile' } } },
  ]);
});

test('an import that may have moved a time zone is heard by the runs of its customers', async () => {
  const api = await createFakeApi();
  await api.call('put', '/api/v1/contacts:batch', [row('c-1'), row('c-2')]);
  const billedAt = '2026-03-01T00:00:00+08:00';
  for (const contactId of ['c-1', 'c-2'])
    await api.call('post', '/api/v1/journeys/monthStart/runs', { contactId, billedAt });

  const moved = { contactId: 'c-2', timezone: 'Asia/Urumqi' };
  await api.call('put', '/api/v1/contacts:batch', [row('c-1'), moved]);
  expect(api.engine.signalled).toEqual([
    {
      workflowId: 'monthStart/c-2/2026-03-01',
      message: { signal: 'changed', body: { what: 'profile' } },
    },
  ]);
});

test('a change of the times of rest is heard by running journeys', async () => {
  const api = await createFakeApi();
  await api.call('put', '/api/v1/contacts:batch', [row('c-1')]);
  const billedAt = '2026-03-01T00:00:00+08:00';
  await api.call('post', '/api/v1/journeys/monthStart/runs', { contactId: 'c-1', billedAt });

  await api.call('put', '/api/v1/contacts/c-1/dnd', { dnd: [] });
  expect(api.engine.signalled).toMatchObject([
    { message: { signal: 'changed', body: { what: 'profile' } } },
  ]);
});

test('tells why and why not for a span of time', async () => {
  const api = await createFakeApi();
  await api.call('put', '/api/v1/contacts:batch', [row('c-1')]);
  await recordOne(api.stores.touches, {
    kind: 'decision',
    touchId: 't-1',
    attempt: 1,
    contactId: 'c-1',
    city: 'guangzhou',
    channel: 'sms',
    class: 'marketing',
    at: '2026-03-02T01:00:00.000Z',
    verdict: 'suppressed',
    reason: 'consent',
    rule: 'consent',
    explain: [
      {
        kind: 'consent',
        rule: 'consent',
        answer: 'suppress',
        detail: 'unknown, granted is needed',
      },
    ],
    policy: 'default@1',
    journey: 'overage',
    step: 'offer',
    workflowId: 'w',
    runId: 'r',
    revision: 0,
  });
  const within = await api.call(
    'get',
    '/api/v1/contacts/c-1/decisions?from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z',
  );
  expect(within.body.items).toMatchObject([
    {
      touchId: 't-1',
      verdict: 'suppressed',
      policy: 'default@1',
      explain: [{ answer: 'suppress' }],
    },
  ]);
  expect(
    (await api.call('get', '/api/v1/contacts/c-1/decisions?from=2026-03-03T00:00:00Z')).body.items,
  ).toEqual([]);
  expect((await api.call('get', '/api/v1/contacts/c-1/decisions?from=yesterday')).status).toBe(422);
});
