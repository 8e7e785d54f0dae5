import fc from 'fast-check';
import { aPassed } from '../../test/fakes/ledger';
import type { GateContact, TouchRecord } from '../contact/gateContact.schema';
import { decide, preparePolicy } from '../gate/gate';
import type { Touch } from '../gate/gate.schema';
import { snapshotOf } from '../gate/policySnapshot';
import type { Policy } from '../policy/policy.schema';
import { DAY_MS, MINUTE_MS } from '../time/durations';
import { formatInstant } from '../time/instant';
import { basisOf } from './basis';
import { isHeldByOpen } from './heldByOpen';
import { createPolicyReplay, type PolicyReplayReport } from './policyReplay';
import type { DecisionRow, LedgerRow, SettlementRow } from './rows';

const day = (limit: number): Partial<Policy> => ({
  caps: [{ id: 'day', classes: ['marketing'], limit, window: { kind: 'calendar', unit: 'day' } }],
});
const proposal = (fields: Partial<Policy>) => {
  const policy = { id: 'p', version: 2, timezone: 'Asia/Shanghai', ...fields };
  return snapshotOf(policy, {});
};

const row = (touchId: string, at: string, fields: Partial<DecisionRow> = {}): DecisionRow =>
  aPassed(touchId, `2026-03-${at}Z`, { contactId: 'c', campaign: 'k-1', policy: 'p@1', ...fields });
const held = (touchId: string, at: string, fields: Partial<DecisionRow> = {}) =>
  row(touchId, at, {
    verdict: 'deferred',
    reason: 'cap',
    rule: 'day',
    until: '2026-03-02T16:00:00.000Z',
    ...fields,
  });
const ended = (
  touchId: string,
  at: string,
  fields: Partial<SettlementRow> = {},
): SettlementRow => ({
  kind: 'settlement',
  touchId,
  contactId: 'c',
  at: `2026-03-${at}Z`,
  settled: 'sent',
  channel: 'sms',
  revision: 0,
  ...fields,
});

function played(
  policy: Partial<Policy>,
  contacts: readonly (readonly LedgerRow[])[],
  from?: string,
): PolicyReplayReport {
  const policyReplay = createPolicyReplay({
    proposalFor: () => proposal(policy),
    ...(from !== undefined && { from }),
  });
  for (const rows of contacts) policyReplay.play(rows);
  return policyReplay.report();
}

const NONE = { opportunities: 0, contacts: 0 };

describe('a back-test', () => {
  it('loses what a stricter cap holds beyond the end, by city, channel, campaign and reason', () => {
    const rows = [
      row('a', '02T02:00:00'),
      row('b', '02T03:00:00'),
      row('c', '02T04:00:00', { campaign: 'k-2' }),
    ];
    const other = [
      row('d', '02T02:00:00', { contactId: 'c2' }),
      row('e', '02T03:00:00', { contactId: 'c2' }),
    ];
    const group = { outcome: 'lost', city: 'yunfu', channel: 'sms', reason: 'cap', rule: 'day' };
    expect(played(day(1), [rows, other])).toEqual({
      opportunities: 5,
      contacts: 2,
      kept: 2,
      moved: 0,
      gained: NONE,
      lost: { opportunities: 3, contacts: 2 },
      unjudged: 0,
      groups: [
        { ...group, campaign: 'k-1', opportunities: 2, contacts: 2 },
        { ...group, campaign: 'k-2', opportunities: 1, contacts: 1 },
      ],
    });
  });

  it('gains what a laxer cap lets through, under the reason for which it had been refused', () => {
    const report = played(day(2), [[row('a', '02T02:00:00'), held('b', '02T03:00:00')]]);
    expect(report).toMatchObject({
      kept: 1,
      gained: { opportunities: 1, contacts: 1 },
      lost: NONE,
    });
    expect(report.groups).toEqual([
      {
        outcome: 'gained',
        city: 'yunfu',
        channel: 'sms',
        campaign: 'k-1',
        reason: 'cap',
        rule: 'day',
        opportunities: 1,
        contacts: 1,
      },
    ]);
  });

  it('asks a deferred touch again when it was deferred to, and what then passes takes up room', () => {
    const rows = [
      row('a', '02T02:00:00'),
      row('b', '02T03:00:00'),
      row('c', '03T02:00:00'),
      row('z', '09T02:00:00'),
    ];
    // b is held to midnight, passes there, and holds c to the next one.
    expect(played(day(1), [rows])).toMatchObject({ kept: 4, moved: 2, lost: NONE });
  });

  it('counts what had already gone out before the period, without judging it', () => {
    const rows = [row('a', '02T02:00:00'), row('b', '02T03:00:00')];
    expect(played(day(1), [rows], '2026-03-02T02:30:00Z')).toMatchObject({
      opportunities: 1,
      lost: { opportunities: 1, contacts: 1 },
    });
  });

  it('gives room back where a touch was released, and asks the next attempt of it anew', () => {
    const freed = ended('a', '02T02:30:00', { settled: 'released', why: 'unconfirmed' });
    expect(
      played(day(1), [[row('a', '02T02:00:00'), freed, row('b', '02T03:00:00')]]),
    ).toMatchObject({
      kept: 2,
      lost: NONE,
    });
    const again = row('a', '02T04:00:00', { attempt: 2 });
    expect(
      played(day(1), [[row('a', '02T02:00:00'), freed, row('b', '02T03:00:00'), again]]),
    ).toMatchObject({
      kept: 1,
      lost: { opportunities: 1, contacts: 1 },
    });
  });

  it('counts a touch from its delivery where the proposal let it out at the recorded instant', () => {
    const gaps = [{ id: 'g', hours: 4 }];
    const late = ended('a', '02T05:00:00', { deliveredAt: '2026-03-02T05:00:00Z' });
    const rows = [row('a', '02T02:00:00'), late, row('b', '02T07:00:00')];
    expect(played({ gaps }, [rows])).toMatchObject({ kept: 1, lost: { opportunities: 1 } });
  });

  it('stands an open touch at its deadline where the proposal says so, and asks again once it is settled', () => {
    const open = row('a', '02T02:00:00', { settleBy: '2026-03-03T02:00:00.000Z' });
    const rows = [open, row('b', '02T07:00:00'), row('z', '09T02:00:00')];
    const gaps = (openCounts: 'asked' | 'deadline') => [{ id: 'g', hours: 4, openCounts }];
    expect(played({ gaps: gaps('asked') }, [rows])).toMatchObject({ kept: 3, moved: 0 });
    expect(played({ gaps: gaps('deadline') }, [rows])).toMatchObject({ kept: 3, moved: 1 });

    const never = ended('a', '02T07:30:00', { settled: 'released', why: 'unconfirmed' });
    const noon = { gaps: gaps('deadline'), maxDeferHours: 30 };
    const held = row('c', '02T07:31:00');
    expect(played(noon, [[open, row('b', '02T07:00:00'), never, held]])).toMatchObject({
      kept: 2,
      moved: 1,
      lost: { opportunities: 1 },
    });
  });

  it('drops again what was no longer of use, unless it had gone out before', () => {
    const lost = (at: string) =>
      row('b', at, { verdict: 'suppressed', reason: 'irrelevant', rule: 'bill-open', attempt: 2 });
    const rows = (at: string) => [
      row('a', '02T02:00:00'),
      held('b', '02T03:00:00'),
      lost(at),
      row('z', '09T02:00:00'),
    ];
    expect(played(day(1), [rows('02T16:00:00')])).toMatchObject({
      kept: 2,
      gained: NONE,
      lost: NONE,
    });
    expect(played(day(2), [rows('02T16:00:00')]).groups).toMatchObject([
      { outcome: 'gained', reason: 'cap', rule: 'day' },
    ]);
  });

  it('takes what was recorded without its basis as it was', () => {
    const { basis: _, ...bare } = row('a', '02T02:00:00');
    expect(played(day(1), [[bare, row('b', '02T03:00:00')]])).toMatchObject({
      unjudged: 1,
      kept: 0,
      lost: { opportunities: 1 },
    });
  });

  it('asks the proposal of the city', () => {
    const policyReplay = createPolicyReplay({
      proposalFor: (city) => proposal(day(city === 'yunfu' ? 1 : 5)),
    });
    for (const city of ['yunfu', 'qingyuan'])
      policyReplay.play(
        ['02:00:00', '03:00:00'].map((at) =>
          row(`${city}-${at}`, `02T${at}`, { city, contactId: city }),
        ),
      );
    expect(policyReplay.report().groups).toMatchObject([{ city: 'yunfu', opportunities: 1 }]);
  });
});

interface Ask extends Touch {
  readonly released: boolean;
  /** After how many minutes it is settled, of the 24 hours that there are. */
  readonly settledAfter: number;
}

/** What the engine records under a policy: every touch asked, held, asked again, settled, and now and then released. */
function recorded(policy: Policy, contact: GateContact, asks: readonly Ask[]): LedgerRow[] {
  const prepared = preparePolicy(policy, {});
  const rows: LedgerRow[] = [];
  let touches: TouchRecord[] = [];
  const queue = asks.map((ask) => ({ ask, at: Date.parse(ask.at), attempt: 1, held: false }));
  const open: { readonly ask: Ask; readonly at: number }[] = [];
  let revision = 0;
  const { contactId } = contact;

  function settle({ ask, at }: (typeof open)[number]): void {
    const { touchId, channel, released } = ask;
    const settled = released ? 'released' : 'sent';
    const iso = formatInstant(at);
    touches = touches.map((touch) =>
      touch.touchId === touchId
        ? { ...touch, state: settled, ...(!released && { at: iso }) }
        : touch,
    );
    revision += 1;
    const deliveredAt = released ? {} : { deliveredAt: iso };
    rows.push({
      kind: 'settlement',
      touchId,
      contactId,
      at: iso,
      settled,
      channel,
      revision,
      ...deliveredAt,
    });
    for (const each of queue) if (each.held) each.at = Math.min(each.at, at);
  }

  function ask({ ask: asked, at, attempt }: (typeof queue)[number]): void {
    const { released: _, settledAfter, ...given } = asked;
    const touch = { ...given, at: formatInstant(at) };
    const decision = decide(prepared, { ...contact, touches }, touch);
    const passed = decision.verdict === 'pass';
    const settleBy = formatInstant(at + DAY_MS);
    if (passed) revision += 1;
    rows.push({
      kind: 'decision',
      ...touch,
      ...decision,
      attempt,
      contactId,
      city: 'yunfu',
      policy: 'p@1',
      basis: basisOf(contact, touch, policy.timezone),
      journey: 'overage',
      step: 's',
      workflowId: 'w',
      runId: 'r',
      revision,
      ...(passed && { settleBy }),
    });
    if (decision.until !== undefined) {
      const held = isHeldByOpen(decision.explain);
      queue.push({ ask: asked, at: Date.parse(decision.until), attempt: attempt + 1, held });
    }
    if (!passed) return;
    touches.push({ ...touch, city: 'yunfu', state: 'tasked', settleBy });
    open.push({ ask: asked, at: at + settledAfter * MINUTE_MS });
  }

  for (;;) {
    queue.sort((a, b) => a.at - b.at || a.attempt - b.attempt);
    open.sort((a, b) => a.at - b.at);
    const [next, end] = [queue[0], open[0]];
    if (end !== undefined && end.at <= (next?.at ?? Number.POSITIVE_INFINITY)) {
      open.shift();
      settle(end);
    } else if (next !== undefined) {
      queue.shift();
      ask(next);
    } else return rows;
  }
}

test('the policy in force, played over its own ledger, gains and loses nothing and moves nothing', () => {
  const policies = fc.record({
    id: fc.constant('p'),
    version: fc.constant(1),
    timezone: fc.constantFrom('Asia/Shanghai', 'America/New_York'),
    quietHours: fc
      .integer({ min: 0, max: 23 })
      .map((hour) => [{ id: 'q', from: `${String(hour).padStart(2, '0')}:00`, to: '09:30' }]),
    gaps: fc.constantFrom(
      [],
      [{ id: 'g', hours: 5, per: ['category' as const] }],
      [{ id: 'g', hours: 5, openCounts: 'deadline' as const }],
    ),
    caps: fc
      .integer({ min: 1, max: 3 })
      .map((limit) => [{ id: 'c', limit, window: { kind: 'rolling' as const, hours: 30 } }]),
    maxDeferHours: fc.constantFrom(12, 200),
  });
  const asks = fc.array(
    fc.record({
      minutes: fc.integer({ min: 1, max: 20_000 }),
      category: fc.constantFrom('a', 'b'),
      released: fc.boolean(),
      settledAfter: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1400 })),
    }),
    { minLength: 1, maxLength: 25 },
  );
  let kept = 0;
  fc.assert(
    fc.property(policies, asks, (policy, drawn) => {
      const contact = { contactId: 'c', channels: { sms: { reachable: true } } };
      const minutes = [...new Set(drawn.map((each) => each.minutes))];
      const touches = minutes.map((minute, i) => ({
        touchId: `t-${i}`,
        at: new Date(Date.UTC(2026, 2, 1) + minute * 60_000).toISOString(),
        channel: 'sms',
        class: 'marketing' as const,
        category: drawn[i]?.category ?? 'a',
        released: drawn[i]?.released === true,
        settledAfter: drawn[i]?.settledAfter ?? 0,
      }));
      const rows = recorded(policy, contact, touches);
      const report = played(policy, [rows]);
      expect(report).toMatchObject({
        opportunities: touches.length,
        moved: 0,
        gained: NONE,
        lost: NONE,
      });
      kept += report.kept;
    }),
    { seed: 61, numRuns: 200 },
  );
  expect(kept).toBeGreaterThan(500);
});
