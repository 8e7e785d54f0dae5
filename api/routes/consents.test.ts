import { createFakeApi } from '../../test/fakes/api';
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
  at: NOW_ISO,
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
      dnd: [],
      personalisation: true,
      evidence: [imported, granted],
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
      at: NOW_ISO,
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
