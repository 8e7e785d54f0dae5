import { createMemoryStores } from '../models/memory/stores';
import { decide } from '../rules/gate/gate';
import { createPublished } from './published';

const AT = '2026-03-02T00:00:00.000Z';
const cap = (limit: number) => ({
  id: 'week',
  classes: ['marketing' as const],
  limit,
  window: { kind: 'rolling' as const, hours: 168 },
});
const contact = {
  contactId: 'c-1',
  channels: { sms: { reachable: true } },
  touches: [
    {
      touchId: 'before',
      at: '2026-03-01T00:00:00Z',
      state: 'sent' as const,
      channel: 'sms',
      class: 'marketing' as const,
    },
  ],
};

async function aShelf() {
  const stores = createMemoryStores();
  const published = createPublished(stores);
  return {
    stores,
    published,
    async publish(
      limit: number,
      at: string,
      more: { effectiveFrom?: string; cities?: object } = {},
    ) {
      const body = {
        id: 'default',
        version: 0,
        timezone: 'Asia/Shanghai',
        caps: [cap(limit)],
        ...more,
      };
      const { version } = await stores.policies.draft('default', body as never, 'ann', at);
      await stores.policies.publish('default', version, 'ann', at, more.effectiveFrom);
    },
  };
}

describe('the policy that the gate is asked by', () => {
  it("is the contact's city's own, under the one reference of the version", async () => {
    const { published, publish } = await aShelf();
    await publish(2, AT, { cities: { yunfu: { caps: [cap(1)] } } });
    const verdict = async (city: string) => {
      const policy = await published.policyFor(city, AT);
      const touch = { touchId: 't', at: AT, channel: 'sms', class: 'marketing' as const };
      return [policy.ref, decide(policy.prepared, contact, touch).verdict];
    };
    expect(await verdict('yunfu')).toEqual(['default@1', 'deferred']);
    expect(await verdict('guangzhou')).toEqual(['default@1', 'pass']);
    expect(await verdict('constructor')).toEqual(['default@1', 'pass']);
  });

  it('is the one in force at the instant of the decision, also after going back', async () => {
    const { stores, published, publish } = await aShelf();
    await publish(3, AT);
    await publish(2, '2026-03-03T00:00:00.000Z', { effectiveFrom: '2026-04-01T00:00:00+08:00' });
    const refAt = async (at: string) => (await published.policyFor('yunfu', at)).ref;
    expect(await refAt('2026-03-31T15:59:59.999Z')).toBe('default@1');
    expect(await refAt('2026-03-31T16:00:00.000Z')).toBe('default@2');
    await stores.policies.publish('default', 1, 'bob', '2026-04-02T00:00:00.000Z');
    expect(await refAt('2026-04-01T23:59:59.999Z')).toBe('default@2');
    expect(await refAt('2026-04-02T00:00:00.000Z')).toBe('default@1');
  });

  it('is none before the first takes effect: nothing is sent, and it says since when it waits', async () => {
    const { published, publish } = await aShelf();
    await expect(published.policyFor('yunfu', AT)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await publish(3, AT, { effectiveFrom: '2026-04-01T00:00:00Z' });
    await expect(published.policyFor('yunfu', AT)).rejects.toThrow('in force at 2026-03-02');
  });

  it('is prepared once per version and city, and looks as far back as any city does', async () => {
    const { published, publish } = await aShelf();
    await publish(2, AT, {
      cities: { yunfu: { caps: [{ ...cap(1), window: { kind: 'rolling', hours: 500 } }] } },
    });
    const yunfu = await published.policyFor('yunfu', AT);
    const zhanjiang = await published.policyFor('zhanjiang', AT);
    const maoming = await published.policyFor('maoming', AT);

    expect((await published.policyFor('yunfu', AT)).prepared).toBe(yunfu.prepared);
    expect(zhanjiang.prepared).toBe(maoming.prepared);
    expect(zhanjiang.prepared).not.toBe(yunfu.prepared);
    expect(maoming.keepHours).toBe(yunfu.keepHours);
  });
});
