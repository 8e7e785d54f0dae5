import { createFakeApi, NOW } from '../../test/fakes/api';
import { getConsents } from './consents';

const NOW_ISO = '2026-03-02T02:00:00.000Z';
const DAYS = ['2026-03-01', '2026-02-01', '2026-01-01'];

/** A customer with three running journeys. */
async function withRuns() {
  const api = await createFakeApi();
  const contact = {
    contactId: 'c-1',
    city: 'guangzhou',
    phone: '13800001234',
    consents: { sms: { marketing: 'granted' } },
  };
  await api.call('put', '/api/v1/contacts:batch', [contact]);
  for (const day of DAYS)
    await api.call('post', '/api/v1/journeys/monthStart/runs', {
      contactId: 'c-1',
      billedAt: `${day}T00:00:00+08:00`,
    });
  const evidence = async () =>
    (await api.call('get', '/api/v1/contacts/c-1/consents')).body.evidence;
  const reimport = () => api.call('put', '/api/v1/contacts:batch', [contact]);
  return { ...api, evidence, reimport };
}

const imported = {
  channel: 'sms',
  class: 'marketing',
  state: 'granted',
  source: 'import',
  receivedAt: NOW_ISO,
  statedAt: NOW_ISO,
};

describe('consents', () => {
  test('are told with the evidence of every grant and withdrawal', async () => {
    const api = await withRuns();
    const granted = {
      channel: 'wecom',
      class: 'marketing',
      state: 'granted',
      source: 'app',
      textVersion: 'v7',
      at: '2026-01-01T00:00:00.000Z',
    };
    await api.call('put', '/api/v1/contacts/c-1/consents', { changes: [granted] });
    const { body } = await api.call(
      'get',
      '/api/v1/contacts/c-1/consents',
      undefined,
      await api.keyFor('viewer'),
    );
    expect(getConsents.answer?.safeParse(body).success).toBe(true);
    expect(body).toEqual({
      contactId: 'c-1',
      consents: { sms: { marketing: 'granted' }, wecom: { marketing: 'granted' } },
      blocks: [],
      holds: [],
      dnd: [],
      personalisation: true,
      evidence: [imported, { ...granted, receivedAt: NOW_ISO, statedAt: granted.at }],
    });
    const limited = await api.keyFor('city', ['shenzhen']);
    expect(
      (await api.call('get', '/api/v1/contacts/c-1/consents', undefined, limited)).status,
    ).toBe(404);
  });

  test('are withdrawn on every channel by the button of staff, and every running journey hears of it', async () => {
    const api = await withRuns();
    const answer = await api.call(
      'post',
      '/api/v1/contacts/c-1:opt-out',
      { staffId: 's-1' },
      await api.keyFor('city'),
    );
    expect([answer.status, answer.body.consents]).toEqual([
      200,
      {
        sms: { marketing: 'refused' },
        wecom: { marketing: 'refused' },
        call: { marketing: 'refused' },
      },
    ]);
    const evidence = await api.evidence();
    expect(evidence).toHaveLength(4);
    expect(evidence[1]).toEqual({
      channel: 'wecom',
      class: 'marketing',
      state: 'refused',
      source: 'staff',
      staffId: 's-1',
      own: true,
      receivedAt: NOW_ISO,
      statedAt: NOW_ISO,
    });
    expect(api.engine.signalled.map(({ workflowId }) => workflowId).sort()).toEqual(
      DAYS.map((day) => `monthStart/c-1/${day}`).sort(),
    );
    for (const { message } of api.engine.signalled)
      expect(message).toEqual({ signal: 'contact', body: { kind: 'opted-out', at: NOW_ISO } });
    await api.reimport();
    expect((await api.stores.contacts.find('c-1'))?.consents?.sms).toEqual({
      marketing: 'refused',
    });
  });

  test('are withdrawn on one channel alone when it is named, leaving service messages as they are', async () => {
    const api = await withRuns();
    const { body } = await api.call('post', '/api/v1/contacts/c-1:opt-out', {
      channel: 'sms',
      source: 'staff',
    });
    expect(body.consents).toEqual({ sms: { marketing: 'refused' } });
    expect(api.engine.signalled[0]?.message.body).toEqual({
      kind: 'opted-out',
      at: NOW_ISO,
      channel: 'sms',
    });
  });

  const ofSms = { channel: 'sms', class: 'marketing' } as const;
  const YEARS_AHEAD = '2030-01-01T00:00:00+08:00';
  /** Some seconds from now. */
  const soon = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();
  /** What a customer who was told of changes one by one allows of marketing by SMS. */
  async function after(...changes: readonly object[]) {
    const api = await withRuns();
    for (const change of changes) {
      api.time.now += 1000;
      const told = { source: 'shop', ...ofSms, ...change };
      await api.call('put', '/api/v1/contacts/c-1/consents', { changes: [told] });
    }
    return (await api.stores.contacts.find('c-1'))?.consents?.sms?.marketing;
  }

  test('dated later than our clock can be are refused, naming the change, and nothing is taken', async () => {
    const api = await withRuns();
    const changes = [
      { ...ofSms, state: 'refused', source: 'shop' },
      { ...ofSms, state: 'granted', source: 'shop', at: YEARS_AHEAD },
      { ...ofSms, state: 'refused', source: 'shop', at: soon(301) },
    ];
    const answer = await api.call('put', '/api/v1/contacts/c-1/consents', { changes });
    expect([answer.status, answer.body.code]).toEqual([422, 'INVALID_INPUT']);
    expect(answer.body.issues.map((issue: { path: string }) => issue.path)).toEqual([
      'changes[1].at',
      'changes[2].at',
    ]);
    expect(await api.evidence()).toEqual([imported]);
  });

  test.each([90, 300])('dated %d s ahead make no later withdrawal void', async (skew) => {
    const granted = { state: 'granted', at: soon(skew) };
    expect(await after(granted)).toBe('granted');
    expect(await after(granted, { state: 'refused', source: 'hotline' })).toBe('refused');
    expect(await after(granted, { state: 'refused' })).toBe('refused');

    const api = await withRuns();
    await api.call('put', '/api/v1/contacts/c-1/consents', {
      changes: [{ ...ofSms, ...granted, source: 'shop' }],
    });
    const { body } = await api.call('post', '/api/v1/contacts/c-1:opt-out', { channel: 'sms' });
    expect(body.consents.sms).toEqual({ marketing: 'refused' });
  });

  test('of the customer himself are refused from when we hear of it, also with a clock that is wrong', async () => {
    for (const at of [YEARS_AHEAD, '2020-01-01T00:00:00Z'])
      for (const own of [{ source: 'hotline' }, { own: true }])
        expect(
          await after({ state: 'granted', at: soon(0) }, { state: 'refused', at, ...own }),
        ).toBe('refused');
  });

  test('stay refused by the customer until he says otherwise or a later date is told', async () => {
    const refused = { state: 'refused', own: true };
    expect(await after(refused, { state: 'granted' })).toBe('refused');
    expect(await after(refused, { state: 'granted', own: true })).toBe('granted');
    expect(await after(refused, { state: 'granted', at: soon(2) })).toBe('granted');
    expect(await after(refused, { state: 'granted', at: soon(0) })).toBe('refused');
  });

  test('that are older than what is known are kept as evidence, change nothing and stop nobody', async () => {
    const api = await withRuns();
    const tell = (change: object) =>
      api.call('put', '/api/v1/contacts/c-1/consents', {
        changes: [{ ...ofSms, source: 'shop', ...change }],
      });
    await tell({ state: 'granted', at: '2026-02-01T00:00:00Z' });
    const { body } = await tell({ state: 'refused', at: '2026-01-01T00:00:00Z' });
    expect(body.consents.sms).toEqual({ marketing: 'granted' });
    expect(await api.evidence()).toHaveLength(3);
    expect(api.engine.signalled).toEqual([]);
  });

  test('of a row count from its date, and one dated ahead is refused with its row', async () => {
    const api = await withRuns();
    const row = (contactId: string, state: string, consentsAt: string) => ({
      ...{ contactId, city: 'guangzhou', consents: { sms: { marketing: state } }, consentsAt },
    });
    await api.call('post', '/api/v1/contacts/c-1:opt-out', { channel: 'sms' });
    const { body } = await api.call('put', '/api/v1/contacts:batch', [
      row('c-1', 'granted', '2026-03-01T00:00:00Z'),
      row('c-2', 'granted', soon(301)),
    ]);
    expect(body.rows[1]).toMatchObject({ status: 'refused', issues: [{ path: 'consentsAt' }] });
    expect((await api.stores.contacts.find('c-1'))?.consents?.sms?.marketing).toBe('refused');
    expect(await api.stores.contacts.find('c-2')).toBeNull();

    api.time.now += 60_000;
    await api.call('put', '/api/v1/contacts:batch', [row('c-1', 'granted', soon(30))]);
    expect((await api.stores.contacts.find('c-1'))?.consents?.sms?.marketing).toBe('granted');
    expect(await api.stores.contacts.find('c-1')).not.toHaveProperty('consentsAt');
  });

  test.each([
    [{ channel: 'mail' }, 'channel'],
    [{ note: '客户王先生说不要再发' }, 'note'],
    [{ source: 'rumour' }, 'source'],
  ])('refuses %j, naming %s', async (body, path) => {
    const answer = await (await withRuns()).call('post', '/api/v1/contacts/c-1:opt-out', body);
    expect([answer.status, answer.body.issues[0].path]).toEqual([422, path]);
  });

  test('withdrawn reach all running journeys at once, however slow one of them is', async () => {
    const api = await withRuns();
    const { signal } = api.engine;
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let all = (): void => {};
    const everyOneAsked = new Promise<void>((resolve) => {
      all = resolve;
    });
    let asked = 0;
    api.engine.signal = async (...message) => {
      asked += 1;
      if (asked === DAYS.length) all();
      await gate;
      return signal(...message);
    };
    const answer = api.call('post', '/api/v1/contacts/c-1:opt-out', {});
    const done = answer.then(({ status }) => status);
    await everyOneAsked;
    release();
    expect(await done).toBe(200);
    expect(api.engine.signalled).toHaveLength(DAYS.length);
  });
});
