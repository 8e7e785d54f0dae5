import { createMemoryStores } from '../models/memory/stores';
import { CodedError, type ErrorCode } from '../rules/base/errors';
import type { ActivityDeps } from './deps';
import { reportLead } from './lead';

const AT = Date.parse('2026-03-02T02:00:00.000Z');
const REPORT = { leadId: 'l-1', outcome: 'accepted', attempts: 2 } as const;

async function aLead(failure?: ErrorCode) {
  const stores = createMemoryStores();
  await stores.leads.add([
    {
      leadId: 'l-1',
      contactId: 'c-1',
      product: 'p-1',
      outcome: 'busy',
      createdAt: new Date(AT).toISOString(),
      city: 'yunfu',
      state: 'open',
      attempts: 0,
    },
  ]);
  const report = jest.fn(async () => {
    if (failure) throw new CodedError(failure, 'no');
  });
  const deps = { stores, leadPool: { report }, clock: { now: () => AT } };
  return { stores, report, close: () => reportLead(deps as unknown as ActivityDeps, REPORT) };
}

describe('the end of a lead', () => {
  it('is reported to the pool and closed in our own record', async () => {
    const { stores, report, close } = await aLead();
    await close();

    expect(report).toHaveBeenCalledTimes(1);
    expect(await stores.leads.find('l-1')).toMatchObject({ state: 'closed', result: 'accepted' });
  });

  it.each(['NOT_FOUND', 'INVALID_INPUT'] as const)(
    'is closed all the same when the pool answers %s: the run has come to its end',
    async (code) => {
      const { stores, close } = await aLead(code);
      await close();

      expect(await stores.leads.find('l-1')).toMatchObject({ state: 'closed', result: 'accepted' });
    },
  );

  it('waits for a pool that is away', async () => {
    const { stores, close } = await aLead('UNAVAILABLE');
    await expect(close()).rejects.toMatchObject({ code: 'UNAVAILABLE' });

    expect(await stores.leads.find('l-1')).toMatchObject({ state: 'open' });
  });
});
