import { NOW } from '../../test/fakes/api';
import { AT, aWorld } from '../../test/fakes/world';
import type { HandledItem } from '../handlers';
import { inboundLead, inboundMalformed } from '../inbound';

describe('leads', () => {
  const payload = {
    leadId: 'l-1',
    contactId: 'c-1',
    product: 'pack',
    outcome: 'not-reached',
    createdAt: AT,
  };
  const item = (more: object = {}): HandledItem => ({
    key: 'lead/l-1',
    kind: 'lead',
    lane: 'contact/c-1',
    receivedAt: NOW,
    payload: { ...payload, ...more },
  });

  test('an unreached lead is kept and tried again by its journey', async () => {
    const world = await aWorld();
    await world.handle(item({ expiresAt: '2026-03-05T00:00:00Z' }));
    await world.handle(item());
    expect(await world.stores.leads.find('l-1')).toMatchObject({
      state: 'open',
      attempts: 0,
      city: 'guangzhou',
      workflowId: 'leadRetry/c-1/l-1',
    });
    expect(world.engine.starts).toMatchObject([
      {
        journey: 'leadRetry',
        input: {
          entry: 'l-1',
          leadId: 'l-1',
          product: 'pack',
          outcome: 'not-reached',
          maxAttempts: 6,
          expiresAt: '2026-03-05T00:00:00.000Z',
        },
      },
    ]);
  });

  test('a lead with a final outcome is kept closed and never tried', async () => {
    const world = await aWorld();
    await world.handle(item({ outcome: 'refused' }));
    expect(await world.stores.leads.find('l-1')).toMatchObject({
      state: 'closed',
      result: 'refused',
    });
    expect(world.engine.starts).toEqual([]);
  });
});

const LEAD = {
  leadId: 'l-1',
  contactId: 'c-1',
  product: 'plan-b',
  outcome: 'other',
  outcomeSaid: 'voicemail',
  createdAt: AT,
} as const;

describe('a lead of the pool', () => {
  it('with an outcome in a word of its own is tried again, and keeps the word', async () => {
    const world = await aWorld();
    await world.handle(inboundLead(LEAD, 0));

    expect(await world.stores.leads.find('l-1')).toMatchObject({
      state: 'open',
      outcome: 'other',
      outcomeSaid: 'voicemail',
    });
    expect(world.engine.starts).toMatchObject([{ journey: 'leadRetry' }]);
  });

  it('that can never be taken is refused with what is wrong, for people to see', async () => {
    const world = await aWorld();
    const item = inboundMalformed('lead', { ...LEAD, leadId: '' }, 0);

    await expect(world.handle(item)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: 'leadId' }],
    });
    expect(item.key).toBe(inboundMalformed('lead', { ...LEAD, leadId: '' }, 5).key);
  });
});
