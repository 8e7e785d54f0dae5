import type { DecisionRow, LedgerRow } from '../../rules/ledger/rows';
import type { PolicyDocument } from '../../rules/policy/document.schema';
import { aPassed } from '../../test/fakes/ledger';
import { type PolicyReplayInput, readSince, runPolicyReplay } from './run';

const POLICY: PolicyDocument = {
  id: 'default',
  version: 0,
  timezone: 'Asia/Shanghai',
  caps: [{ id: 'week', limit: 1, window: { kind: 'rolling', hours: 168 }, onHit: 'suppress' }],
  cities: {
    yunfu: {
      caps: [{ id: 'none', limit: 0, window: { kind: 'rolling', hours: 1 }, onHit: 'suppress' }],
    },
  },
};
const pass = (
  contactId: string,
  touchId: string,
  at: string,
  over: Partial<DecisionRow> = {},
): DecisionRow =>
  aPassed(touchId, at, { contactId, city: 'maoming', campaign: 'spring', revision: 1, ...over });
async function* streamOf(rows: readonly LedgerRow[]) {
  yield rows.slice(0, 7);
  yield rows.slice(7);
}
const run = (rows: readonly LedgerRow[], over: Partial<PolicyReplayInput> = {}) =>
  runPolicyReplay({ rows: streamOf(rows), policy: POLICY, holidays: {}, days: 30, ...over });

/** Each of 40 contacts of each city passed twice within a week. */
const ledger = ['maoming', 'yunfu'].flatMap((city) =>
  ['2026-03-02T02:00:00.000Z', '2026-03-03T02:00:00.000Z'].flatMap((at, day) =>
    Array.from({ length: 40 }, (_, i) => pass(`${city}-${i}`, `${city}-${i}-${day}`, at, { city })),
  ),
);

describe('a back-test of a ledger', () => {
  it('tells who would be lost, by the rules of each city', async () => {
    const { opportunities, contacts, kept, lost, groups } = await run(ledger);
    expect({ opportunities, contacts, kept, lost }).toEqual({
      opportunities: 160,
      contacts: 80,
      kept: 40,
      lost: { opportunities: 120, contacts: 80 },
    });
    const about = groups.map(({ city, channel, campaign, rule, opportunities: n }) => [
      city,
      channel,
      campaign,
      rule,
      n,
    ]);
    expect(about).toEqual([
      ['yunfu', 'sms', 'spring', 'none', 80],
      ['maoming', 'sms', 'spring', 'week', 40],
    ]);
  });

  it('finds the same with little memory, and tells how far it is', async () => {
    const told: number[] = [];
    const limits = { buckets: 2, pieceLength: 200, heldLength: 2000 };
    const report = await run(ledger, { limits, progress: ({ played }) => told.push(played) });
    expect(report).toEqual(await run(ledger));
    expect(told.at(-1)).toBe(160);
  });

  it('takes for history what is older than the days asked for, which end at the newest row', async () => {
    const report = await run(ledger, { days: 0.5 });
    expect([report.opportunities, report.lost.opportunities]).toEqual([80, 80]);
  });

  it('ends when it is cancelled', async () => {
    const abort = new AbortController();
    abort.abort(new Error('enough'));
    await expect(run(ledger, { signal: abort.signal })).rejects.toThrow('enough');
  });

  it('names the years whose holidays nobody has arranged, where the policy needs them', async () => {
    const rest = { id: 'q', from: '21:00', to: '09:00', dayKinds: ['rest' as const] };
    const policy = { ...POLICY, quietHours: [rest] };
    const holidays = { '2025-10-01': 'rest' as const };
    expect((await run(ledger, { policy, holidays })).unannounced).toEqual([2026]);
    expect((await run(ledger, { policy, holidays: { '2026-10-01': 'rest' } })).unannounced).toBe(
      undefined,
    );
    expect((await run(ledger, { holidays })).unannounced).toBe(undefined);
  });

  it('plays an empty ledger', async () => {
    expect(await run([])).toMatchObject({ opportunities: 0, groups: [] });
  });

  it('is read from before its days, as far as windows and deferrals reach', () => {
    expect(readSince(POLICY, 10, Date.parse('2026-03-31T00:00:00Z'))).toBe(
      '2026-03-07T00:00:00.000Z',
    );
  });
});
