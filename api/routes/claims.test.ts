// Numbers that several contacts name, through the API and call-backs.

import request from 'supertest';
import { createFakeApi, NOW, signed } from '../../test/fakes/api';
import { listClaims } from './claims';

const PHONE = '13800001234';
const row = (contactId: string, more: object = {}) => ({
  contactId,
  city: 'guangzhou',
  phone: PHONE,
  consents: { sms: { marketing: 'granted' } },
  ...more,
});

async function aDeployment() {
  const api = await createFakeApi();
  const policy = {
    timezone: 'Asia/Shanghai',
    consent: [{ classes: ['marketing'], need: 'granted' }],
  };
  await api.call('post', '/api/v1/policies', { id: 'default', body: policy });
  await api.call('post', '/api/v1/policies/default/versions/1:publish', {});
  const put = async (rows: readonly object[], key?: string) =>
    (await api.call('put', '/api/v1/contacts:batch', rows, key)).body;
  const contact = async (id: string) =>
    (await api.call('get', `/api/v1/contacts/${id}`)).body.contact;
  const ask = async (contactId: string, channel = 'sms') => {
    const touch = { channel, class: 'marketing' };
    return (await api.call('post', '/api/v1/gate:decide', { contactId, touch })).body;
  };
  const answer = async (text: string, phone = PHONE) => {
    const body = {
      id: `u-${text.length}`,
      type: 'upstream',
      phone,
      text,
      at: new Date(NOW).toISOString(),
    };
    const { text: raw, headers } = signed(body);
    const posted = await request(api.app).post('/sms/callback').set(headers).send(raw);
    expect(posted.status).toBe(200);
    await api.process();
  };
  const later = () => {
    api.time.now += 60_000;
  };
  return { ...api, put, contact, ask, answer, later };
}

describe('a number that a newer contact claims', () => {
  it('closes texts and calls of the older one, with a word, whatever lists say of its channels', async () => {
    const { put, ask, later, contact } = await aDeployment();
    await put([row('a')]);
    expect(await ask('a')).toMatchObject({ verdict: 'pass' });
    later();
    await put([row('b', { phone: `+86 ${PHONE}` })]);

    expect(await ask('b')).toMatchObject({ verdict: 'pass' });
    for (const channel of ['sms', 'call']) {
      const answered = await ask('a', channel);
      expect(answered).toMatchObject({ verdict: 'suppressed', reason: 'unreachable' });
      expect(JSON.stringify(answered)).toContain('number-reassigned');
    }

    later();
    await put([row('a', { channels: { sms: { reachable: true }, call: { reachable: true } } })]);
    expect(await ask('a')).toMatchObject({ verdict: 'suppressed' });
    expect(await ask('b')).toMatchObject({ verdict: 'pass' });
    expect(await contact('a')).toMatchObject({
      numberLostAt: expect.any(String),
      channels: { sms: { reachable: false, why: 'number-reassigned' } },
    });
  });

  it('is reachable again under a number of its own, or when somebody says the number is its after all', async () => {
    const { put, ask, later, call } = await aDeployment();
    await put([row('a')]);
    later();
    await put([row('b')]);
    await put([row('a', { phone: '13800005678' })]);
    expect(await ask('a')).toMatchObject({ verdict: 'pass' });

    later();
    await call('patch', '/api/v1/contacts/a', { phone: PHONE });
    expect(await ask('a')).toMatchObject({ verdict: 'pass' });
    expect(await ask('b')).toMatchObject({ verdict: 'suppressed' });
  });

  it('goes by the activation of the accounts, and is shared by one batch and by a family card', async () => {
    const { put, ask, later, call } = await aDeployment();
    const account = (id: string, year: number) =>
      row(id, { activatedAt: `${year}-01-01T00:00:00Z` });
    await put([account('new', 2025)]);
    later();
    await put([account('old', 2019)]);
    expect(await ask('new')).toMatchObject({ verdict: 'pass' });
    expect(await ask('old')).toMatchObject({ verdict: 'suppressed' });

    const phone = '13800005678';
    await put([row('father', { phone }), row('mother', { phone })]);
    later();
    await put([row('child', { phone, phoneShared: true })]);
    for (const id of ['father', 'mother', 'child'])
      expect(await ask(id)).toMatchObject({ verdict: 'pass' });
    expect((await call('patch', '/api/v1/contacts/child', { phoneShared: false })).status).toBe(
      200,
    );
  });

  it('brings a refusal to every holder, old and new, and any other word only to who has it now', async () => {
    const { put, ask, later, answer, contact } = await aDeployment();
    await put([row('a')]);
    later();
    await put([row('b')]);
    await answer('怎么办理');
    expect((await contact('a')).facts).toBeUndefined();
    expect((await contact('b')).facts).toMatchObject({ lastSpokeAt: expect.any(String) });

    await answer('退订', `0086${PHONE}`);
    for (const id of ['a', 'b']) {
      expect((await contact(id)).consents).toEqual({ sms: { marketing: 'refused' } });
      expect(await ask(id)).toMatchObject({ verdict: 'suppressed' });
    }
  });
});

describe('a name that a contact of another city has', () => {
  it('is not taken over by a key of one city: the row comes without it and says so', async () => {
    const { put, ask, later, call, keyFor, contact } = await aDeployment();
    await put([row('a', { unionId: 'u-1' })]);
    later();
    const shenzhen = await keyFor('city', ['shenzhen']);
    const machine = await keyFor('machine', ['shenzhen']);
    const taken = await put([row('b', { city: 'shenzhen', unionId: 'u-1' })], machine);
    expect(taken).toMatchObject({
      accepted: 1,
      rows: [{ status: 'accepted', issues: [{ path: 'phone' }, { path: 'unionId' }] }],
    });
    expect(await contact('b')).not.toHaveProperty('phone');
    expect(await contact('b')).not.toHaveProperty('unionId');
    expect(await ask('a')).toMatchObject({ verdict: 'pass' });

    const patched = await call(
      'patch',
      '/api/v1/contacts/b',
      { phone: PHONE, brand: 'x' },
      shenzhen,
    );
    expect(patched).toMatchObject({
      status: 202,
      body: { brand: 'x', waiting: [{ state: 'waiting' }] },
    });
    expect(await contact('b')).not.toHaveProperty('phone');
  });

  it('waits for somebody with rights over both, who gives a reason', async () => {
    const { put, ask, later, call, keyFor, contact } = await aDeployment();
    await put([row('a')]);
    later();
    await put([row('b', { city: 'shenzhen' })], await keyFor('machine', ['shenzhen']));
    const shenzhen = await keyFor('city', ['shenzhen']);
    const listed = await call('get', '/api/v1/claims', undefined, shenzhen);
    expect(listAnswer.safeParse(listed.body).success).toBe(true);
    const [claim] = listed.body.items;
    expect(claim).toMatchObject({ contactId: 'b', name: { kind: 'phone', value: '138****1234' } });

    const path = `/api/v1/claims/${claim.claimId}`;
    const why = { reason: '客户出示了入网协议' };
    expect((await call('post', `${path}:grant`, why, shenzhen)).status).toBe(403);
    const yunfu = await keyFor('city', ['yunfu']);
    expect((await call('post', `${path}:grant`, why, yunfu)).status).toBe(404);
    expect((await call('post', `${path}:grant`, {})).status).toBe(422);

    const both = await keyFor('city', ['shenzhen', 'guangzhou']);
    expect((await call('post', `${path}:grant`, why, both)).body).toMatchObject({
      state: 'granted',
      decision: { by: 'city', reason: why.reason },
    });
    expect((await contact('b')).phone).toBe(`+86${PHONE}`);
    expect(await ask('a')).toMatchObject({ verdict: 'suppressed', reason: 'unreachable' });
    expect((await call('post', `${path}:refuse`, why, both)).status).toBe(409);
  });

  it('stays where it is once the claim was refused, however often it is made', async () => {
    const { put, later, call, keyFor, contact } = await aDeployment();
    await put([row('a')]);
    later();
    const machine = await keyFor('machine', ['shenzhen']);
    const claiming = [row('b', { city: 'shenzhen' })];
    await put(claiming, machine);
    const { claimId } = (await call('get', '/api/v1/claims')).body.items[0];
    await call('post', `/api/v1/claims/${claimId}:refuse`, { reason: '号码属原客户' });
    await put(claiming, machine);
    expect((await call('get', '/api/v1/claims')).body.items).toEqual([]);
    expect(await contact('b')).not.toHaveProperty('phone');
  });
});

const listAnswer = listClaims.answer as NonNullable<typeof listClaims.answer>;
