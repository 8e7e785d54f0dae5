import { withContact } from '../../test/fakes/api';

describe('leads', () => {
  const lead = {
    leadId: 'l-1',
    contactId: 'c-1',
    product: 'p-1',
    outcome: 'busy',
    createdAt: '2026-03-02T00:00:00Z',
  };
  async function withLead() {
    const api = await withContact();
    await api.process();
    await api.call('post', '/api/v1/leads:batch', [lead]);
    await api.processor.idle();
    return api;
  }

  test('are taken in once each, and only for contacts that exist', async () => {
    const api = await withContact();
    const answer = await api.call('post', '/api/v1/leads:batch', {
      leads: [
        lead,
        lead,
        { ...lead, leadId: 'l-2', contactId: 'c-9' },
        { ...lead, outcome: 'maybe' },
      ],
    });
    expect(answer.body.rows.map(({ status }: { status: string }) => status)).toEqual([
      'accepted',
      'duplicate',
      'refused',
      'refused',
    ]);
  });

  test('a claimed lead holds its journey, and a completed one ends it', async () => {
    const api = await withLead();
    const city = await api.keyFor('city', ['guangzhou']);
    expect(
      (await api.call('get', '/api/v1/leads?state=open', undefined, city)).body.items,
    ).toMatchObject([{ leadId: 'l-1', state: 'open' }]);
    expect((await api.call('post', '/api/v1/leads/l-1:claim', {}, city)).body).toMatchObject({
      state: 'claimed',
      claimedBy: 'city',
    });
    expect(
      (await api.call('post', '/api/v1/leads/l-1:claim', { staffId: 's-2' }, city)).status,
    ).toBe(409);
    const done = await api.call(
      'post',
      '/api/v1/leads/l-1:complete',
      { outcome: 'accepted' },
      city,
    );
    expect(done.body).toMatchObject({ state: 'closed', result: 'accepted' });
    expect(
      (await api.call('post', '/api/v1/leads/l-1:complete', { outcome: 'refused' }, city)).status,
    ).toBe(409);
    expect(api.engine.signalled.map(({ message }) => message.signal)).toEqual(['pause', 'contact']);
    expect(api.engine.signalled[1]?.message.body).toMatchObject({
      kind: 'converted',
      product: 'p-1',
    });
  });

  test('a refusal is told to the journey, which is let go to hear it', async () => {
    const api = await withLead();
    await api.call('post', '/api/v1/leads/l-1:complete', { outcome: 'refused' });
    expect(api.engine.signalled.map(({ message }) => message.signal)).toEqual([
      'contact',
      'resume',
    ]);
  });

  test('a rejected lead stops its journey, and asking again says so again', async () => {
    const api = await withLead();
    for (const _ of [1, 2])
      expect(
        (await api.call('post', '/api/v1/leads/l-1:reject', { why: '重复' })).body.result,
      ).toBe('rejected');
    expect(api.engine.signalled.map(({ message }) => message)).toEqual(
      Array(2).fill({ signal: 'stop', body: { by: 'admin', why: '重复' } }),
    );
  });

  test('a lead of another city does not exist', async () => {
    const api = await withLead();
    const limited = await api.keyFor('city', ['shenzhen']);
    expect((await api.call('get', '/api/v1/leads', undefined, limited)).body.items).toEqual([]);
    expect((await api.call('post', '/api/v1/leads/l-1:claim', {}, limited)).status).toBe(404);
  });
});
