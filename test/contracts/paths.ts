// What the path of touches promises over any stores: a page of contacts ends as if each had been touched alone.

import type { TouchInput } from '../../activities/contract';
import { touch, touchPage } from '../../activities/touch/touch';
import type { Stores } from '../../ports/stores';
import type { QuotaLimits } from '../../rules/gate/quota';
import type { LedgerRow } from '../../rules/ledger/rows';
import { type Act, scriptedChannel } from '../fakes/channel';
import { aScenario, NOON, type Scenario } from '../fakes/touchScenario';
import type { Make } from './builders';

const AT = new Date(NOON).toISOString();
const CROWD = 6;
const LIMITS: QuotaLimits = {
  default: 100,
  staffPerDay: 50,
  staffOpen: 50,
  campaigns: { small: { total: 1 } },
};
const CAP = {
  id: 'one',
  classes: ['marketing' as const],
  limit: 1,
  window: { kind: 'rolling' as const, hours: 24 },
};

/** Six contacts, of which the fourth has blocked both channels and the last two are of a campaign that has room for one. */
async function aScenarioOf(stores: Stores): Promise<Scenario> {
  const scenario = await aScenario({ stores, policy: { caps: [CAP] } });
  await stores.contacts.upsertMany(
    Array.from({ length: CROWD - 1 }, (_, i) => ({
      contactId: `c-${i + 2}`,
      city: 'yunfu',
      name: '李',
      phone: `1990000000${i + 2}`,
      channels: { sms: { reachable: true }, wecom: { reachable: true } },
      relations: [
        { staffId: 's-1', externalUserId: `wm-${i + 2}`, state: 'friend' as const, addedAt: AT },
      ],
    })),
  );
  for (const channel of ['sms', 'wecom'])
    await stores.contacts.block('c-4', { channel, reason: 'complaint' });
  await stores.quotas.draft('default', LIMITS, 'test', AT);
  await stores.quotas.publish('default', 1, 'test', AT);
  return scenario;
}

async function ledger(stores: Stores): Promise<LedgerRow[]> {
  const rows: LedgerRow[] = [];
  for await (const row of stores.touches.export()) rows.push(row);
  return rows;
}

const inOrder = (rows: readonly LedgerRow[]) =>
  [...rows].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
const keyOf = (row: LedgerRow): string =>
  JSON.stringify([row.contactId, row.touchId, row.kind, row.revision]);

export function describePathContract(name: string, make: Make): void {
  describe(`the path of touches ${name}`, () => {
    it.each<{
      readonly channel: 'sms' | 'wecom';
      readonly script: Act[];
      readonly verdicts: string[];
    }>([
      {
        channel: 'sms',
        script: ['send', { refuse: 'PHONE_INVALID' }],
        verdicts: ['sent', 'suppressed', 'sent', 'suppressed', 'sent', 'suppressed', 'deferred'],
      },
      {
        channel: 'wecom',
        script: ['task', 'task', { refuse: '84061' }],
        verdicts: [
          'tasked',
          'tasked',
          'suppressed',
          'suppressed',
          'sent',
          'suppressed',
          'deferred',
        ],
      },
    ])(
      'writes the same ledger for a page and for single touches: $channel',
      async ({ channel, script, verdicts }) => {
        const inputs = (scenario: Scenario): TouchInput[] => {
          const { input } = scenario.ask([]);
          const place = (i: number, touchId: string) => ({
            ...input,
            touchId,
            contactId: `c-${i}`,
            channel,
            campaign: i > 4 ? 'small' : 'large',
          });
          return [
            ...Array.from({ length: CROWD }, (_, i) => place(i + 1, `wave/c-${i + 1}`)),
            place(1, 'again/c-1'),
          ];
        };
        const single = await aScenarioOf(await make());
        const channelOfSingle = scriptedChannel(channel, script);
        const alone: string[] = [];
        for (const input of inputs(single))
          alone.push((await touch(single.ask([channelOfSingle], input))).verdict);
        const rows = inOrder(await ledger(single.stores));
        const units = await single.stores.quotaUnits.used([
          'city/yunfu/2026-03-02',
          'staff/s-1/2026-03-02',
        ]);

        const paged = await aScenarioOf(await make());
        const page = await touchPage(paged.ask([scriptedChannel(channel, script)]), {
          touches: inputs(paged),
        });
        expect(page.map(({ verdict }) => verdict)).toEqual(alone);
        expect(alone).toEqual(verdicts);
        expect(inOrder(await ledger(paged.stores))).toEqual(rows);
        expect(
          await paged.stores.quotaUnits.used(['city/yunfu/2026-03-02', 'staff/s-1/2026-03-02']),
        ).toEqual(units);
      },
    );
  });
}
