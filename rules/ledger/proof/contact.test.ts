import fc from 'fast-check';
import { aPassed, aSettled, BASIS, linked, PROVED_POLICY } from '../../../test/fakes/ledger';
import type { GateContact, TouchRecord } from '../../contact/gateContact.schema';
import { decide, preparePolicy } from '../../gate/gate';
import type { Policy } from '../../policy/policy.schema';
import { DAY_MS } from '../../time/durations';
import type { DecisionRow, LedgerRow } from '../rows';
import { type PolicyHistory, proveContact } from './contact';

const policies: PolicyHistory = (policy) =>
  policy === 'default@1' ? { policy: PROVED_POLICY, holidays: {} } : undefined;
const ONCE = { id: 'once', limit: 1, window: { kind: 'rolling' as const, hours: 24 } };
const LATER = '2027-01-01T00:00:00.000Z';

const ledger = (...rows: LedgerRow[]) => linked(rows);
const kinds = (rows: readonly LedgerRow[]) =>
  proveContact(rows, policies, LATER).map(({ kind }) => kind);

describe('the proof of a contact', () => {
  it('finds nothing in a ledger that keeps every rule', () => {
    expect(
      kinds(
        ledger(
          aPassed('a', '2026-03-02T02:00:00.000Z'),
          aSettled('a', '2026-03-02T02:00:00.000Z'),
          aPassed('b', '2026-03-03T02:00:00.000Z'),
          aSettled('b', '2026-03-03T02:00:01.000Z'),
        ),
      ),
    ).toEqual([]);
  });

  it('finds a cap window that was exceeded', () => {
    const rows = ['02', '03', '04'].flatMap((day) => [
      aPassed(day, `2026-03-${day}T02:00:00.000Z`),
      aSettled(day, `2026-03-${day}T02:00:00.000Z`),
    ]);
    expect(kinds(ledger(...rows))).toEqual(['cap-exceeded']);
  });

  it('counts a slot that was given back no more', () => {
    const rows = ledger(
      aPassed('a', '2026-03-02T02:00:00.000Z'),
      aSettled('a', '2026-03-02T02:00:00.000Z'),
      aPassed('b', '2026-03-03T02:00:00.000Z'),
      aSettled('b', '2026-03-03T02:00:00.000Z', { settled: 'released' }),
      aPassed('c', '2026-03-04T02:00:00.000Z'),
      aSettled('c', '2026-03-04T02:00:00.000Z'),
    );
    expect(kinds(rows)).toEqual([]);
  });

  it('finds a gap that was cut', () => {
    expect(
      kinds(
        ledger(
          aPassed('a', '2026-03-02T02:00:00.000Z'),
          aSettled('a', '2026-03-02T02:00:00.000Z'),
          aPassed('b', '2026-03-02T05:59:59.999Z'),
          aSettled('b', '2026-03-02T05:59:59.999Z'),
        ),
      ),
    ).toEqual(['gap-cut']);
  });

  it('finds a gap that was cut behind an open touch, where the gap counts from its deadline', () => {
    const rows = (openCounts: 'asked' | 'deadline', at: string) => {
      const gaps = [{ id: 'g', hours: 4, openCounts }];
      const policy = { ...PROVED_POLICY, gaps };
      const settleBy = '2026-03-02T08:00:00.000Z';
      const open = ledger(
        aPassed('a', '2026-03-02T02:00:00.000Z', { settleBy }),
        aPassed('b', at),
        aSettled('b', at),
        aSettled('a', '2026-03-02T13:00:00.000Z', { settled: 'released' }),
      );
      return proveContact(open, () => ({ policy, holidays: {} }), LATER).map(({ kind }) => kind);
    };
    expect(rows('asked', '2026-03-02T06:30:00.000Z')).toEqual([]);
    expect(rows('deadline', '2026-03-02T06:30:00.000Z')).toEqual(['gap-cut']);
    expect(rows('deadline', '2026-03-02T12:00:00.000Z')).toEqual([]);
  });

  it('blames nobody for a delivery while another touch was still open', () => {
    const policy: Policy = {
      ...PROVED_POLICY,
      gaps: [
        {
          id: 'g',
          classes: ['marketing'],
          counts: ['marketing', 'service'],
          hours: 1,
          openCounts: 'deadline',
        },
      ],
    };
    const rows = ledger(
      aPassed('a', '2026-03-02T02:00:00.000Z', { settleBy: '2026-03-03T02:00:00.000Z' }),
      aPassed('b', '2026-03-02T03:00:00.000Z', {
        class: 'service',
        settleBy: '2026-03-03T03:00:00.000Z',
      }),
      aSettled('a', '2026-03-02T05:00:00.000Z'),
      aSettled('b', '2026-03-02T06:00:00.000Z'),
    );
    expect(proveContact(rows, () => ({ policy, holidays: {} }), LATER)).toEqual([]);
  });

  it('finds a reservation in quiet hours, in do-not-disturb, and without consent', () => {
    const alone = (row: DecisionRow) => kinds(ledger(row, aSettled(row.touchId, row.at)));
    expect(alone(aPassed('a', '2026-03-02T14:00:00.000Z'))).toEqual(['in-quiet-hours']);
    expect(
      alone(aPassed('a', '2026-03-02T02:00:00.000Z', { basis: { ...BASIS, dnd: [{}] } })),
    ).toEqual(['in-dnd']);
    expect(
      alone(aPassed('a', '2026-03-02T02:00:00.000Z', { basis: { ...BASIS, consent: 'unknown' } })),
    ).toEqual(['without-consent']);
    expect(
      alone(aPassed('a', '2026-03-02T02:00:00.000Z', { basis: { ...BASIS, blocked: true } })),
    ).toEqual(['unreachable-or-blocked']);
  });

  it('names a delivery after its task was taken back, and no other', () => {
    const at = '2026-03-02T02:00:00.000Z';
    const withdrawal = aSettled('a', '2026-03-02T02:00:30.000Z', {
      settled: 'withdrawn',
      why: 'withdrawn:consent',
    });
    const delivered = (when: string) =>
      kinds(ledger(aPassed('a', at), withdrawal, aSettled('a', when)));

    expect(delivered('2026-03-02T02:00:29.000Z')).toEqual([]);
    expect(delivered('2026-03-02T02:00:31.000Z')).toEqual(['delivered-after-withdrawal']);

    const released = aSettled('a', '2026-03-02T02:00:31.000Z', { settled: 'released' });
    const again = aPassed('a', '2026-03-02T03:00:00.000Z', { attempt: 2 });
    const sent = aSettled('a', '2026-03-02T03:00:01.000Z');
    expect(kinds(ledger(aPassed('a', at), withdrawal, released, again, sent))).toEqual([]);
  });

  it('tells a delivery that staff made late from one the engine made', () => {
    const at = '2026-03-02T12:30:00.000Z';
    expect(kinds(ledger(aPassed('a', at), aSettled('a', '2026-03-02T13:30:00.000Z')))).toEqual([
      'late-by-staff',
    ]);
    expect(
      kinds(
        ledger(aPassed('a', '2026-03-02T12:59:59.000Z'), aSettled('a', '2026-03-02T13:00:01.000Z')),
      ),
    ).toEqual(['in-quiet-hours']);
  });

  it('holds nothing against a prompt delivery that another touch came before, decided with this one standing', () => {
    const gapToService: Policy = {
      ...PROVED_POLICY,
      gaps: [{ id: 'g', classes: ['marketing'], counts: ['marketing', 'service'], hours: 4 }],
    };
    const rows = ledger(
      aPassed('a', '2026-03-02T02:00:00.000Z'),
      aPassed('b', '2026-03-02T02:00:02.000Z', { class: 'service' }),
      aSettled('b', '2026-03-02T02:00:02.000Z'),
      aSettled('a', '2026-03-02T02:00:05.000Z'),
    );
    const found = proveContact(rows, () => ({ policy: gapToService, holidays: {} }), LATER);
    expect(found).toEqual([]);
    const late = ledger(
      aPassed('a', '2026-03-02T02:00:00.000Z'),
      aPassed('b', '2026-03-02T02:00:02.000Z', { class: 'service' }),
      aSettled('b', '2026-03-02T02:00:02.000Z'),
      aSettled('a', '2026-03-02T02:30:00.000Z'),
    );
    expect(
      proveContact(late, () => ({ policy: gapToService, holidays: {} }), LATER).map(
        ({ kind }) => kind,
      ),
    ).toEqual(['late-by-staff']);
  });

  it('finds a delivery after the touch had expired', () => {
    expect(
      kinds(
        ledger(
          aPassed('a', '2026-03-02T02:00:00.000Z', { expiresAt: '2026-03-02T02:00:10.000Z' }),
          aSettled('a', '2026-03-02T02:00:20.000Z'),
        ),
      ),
    ).toEqual(['expired-delivery']);
  });

  it('finds a reservation that nobody settled by its deadline', () => {
    const rows = ledger(
      aPassed('a', '2026-03-02T02:00:00.000Z', { settleBy: '2026-03-03T02:00:00.000Z' }),
    );
    expect(proveContact(rows, policies, '2026-03-03T01:00:00.000Z')).toEqual([]);
    expect(kinds(rows)).toEqual(['unsettled']);
  });

  it("judges every pass by the rules of the row's own city", () => {
    const stricter = (city: string) => ({ ...PROVED_POLICY, caps: city === 'yunfu' ? [ONCE] : [] });
    const ofCity: PolicyHistory = (_policy, _holidays, city) => ({
      policy: stricter(city),
      holidays: {},
    });
    const twiceIn = (city: string) =>
      ledger(
        aPassed('a', '2026-03-02T02:00:00.000Z', { city }),
        aSettled('a', '2026-03-02T02:00:00.000Z'),
        aPassed('b', '2026-03-02T08:00:00.000Z', { city }),
        aSettled('b', '2026-03-02T08:00:00.000Z'),
      );
    expect(proveContact(twiceIn('maoming'), ofCity, LATER)).toEqual([]);
    expect(proveContact(twiceIn('yunfu'), ofCity, LATER)).toMatchObject([
      { kind: 'cap-exceeded', rule: 'once' },
    ]);
  });

  it('finds a delivery without a reservation, and one that was made twice', () => {
    expect(kinds(ledger(aSettled('ghost', '2026-03-02T02:00:00.000Z')))).toEqual([
      'delivered-without-reservation',
    ]);
    expect(
      kinds(
        ledger(
          aPassed('a', '2026-03-02T02:00:00.000Z'),
          aSettled('a', '2026-03-02T02:00:00.000Z'),
          aSettled('a', '2026-03-02T02:00:00.000Z'),
        ),
      ),
    ).toEqual(['delivered-twice']);
  });

  it('finds a decision under a policy that was never published', () => {
    expect(
      kinds(
        ledger(
          aPassed('a', '2026-03-02T02:00:00.000Z', { policy: 'default@9' }),
          aSettled('a', '2026-03-02T02:00:00.000Z'),
        ),
      ),
    ).toEqual(['unknown-policy']);
  });

  it('finds a row that was taken out', () => {
    const rows = ledger(
      aPassed('a', '2026-03-02T02:00:00.000Z'),
      aSettled('a', '2026-03-02T02:00:00.000Z'),
      aPassed('b', '2026-03-03T02:00:00.000Z'),
      aSettled('b', '2026-03-03T02:00:00.000Z'),
    );
    expect(kinds([...rows.slice(0, 1), ...rows.slice(2)])).toEqual(
      expect.arrayContaining(['hole-in-revisions', 'broken-chain']),
    );
  });

  it('finds a row that was changed', () => {
    const [first, ...rest] = ledger(
      aPassed('a', '2026-03-02T02:00:00.000Z'),
      aSettled('a', '2026-03-02T02:00:00.000Z'),
    );
    expect(kinds([{ ...first, city: 'qingyuan' } as LedgerRow, ...rest])).toEqual(['broken-chain']);
  });

  it('finds nothing in what the gate allowed, whatever the policy and the day (property)', () => {
    const classes = fc.constantFrom('marketing' as const, 'service' as const, 'reply' as const);
    const policies = fc.record({
      quiet: fc.record({
        from: fc.integer({ min: 0, max: 23 }),
        to: fc.integer({ min: 0, max: 23 }),
      }),
      limit: fc.integer({ min: 1, max: 3 }),
      unit: fc.constantFrom(
        'day' as const,
        'week' as const,
        'month' as const,
        'billCycle' as const,
      ),
      gapHours: fc.integer({ min: 1, max: 30 }),
      openCounts: fc.constantFrom('asked' as const, 'deadline' as const),
      timezone: fc.constantFrom('Asia/Shanghai', 'America/New_York', 'Europe/London'),
      billDay: fc.integer({ min: 1, max: 31 }),
    });
    const asks = fc.array(
      fc.record({
        minutes: fc.integer({ min: 0, max: 2000 }),
        class: classes,
        keep: fc.boolean(),
        openFor: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1400 })),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(
        policies,
        asks,
        fc.integer({ min: 0, max: 360 }),
        ({ quiet, limit, unit, gapHours, openCounts, timezone, billDay }, steps, startDay) => {
          const wall = (hour: number) => `${String(hour).padStart(2, '0')}:00`;
          const policy: Policy = {
            id: 'p',
            version: 1,
            timezone,
            quietHours: [
              { id: 'q', classes: ['marketing'], from: wall(quiet.from), to: wall(quiet.to) },
            ],
            gaps: [{ id: 'g', classes: ['marketing'], hours: gapHours, openCounts }],
            caps: [
              {
                id: 'c',
                classes: ['marketing', 'service'],
                limit,
                per: ['channel'],
                window: { kind: 'calendar', unit },
              },
            ],
          };
          const prepared = preparePolicy(policy, {});
          let touches: TouchRecord[] = [];
          const rows: LedgerRow[] = [];
          const open: { touchId: string; until: number; keep: boolean }[] = [];
          const settleUntil = (now: number) => {
            for (const { touchId, until, keep } of open.sort((a, b) => a.until - b.until)) {
              if (until > now) continue;
              const at = new Date(until).toISOString();
              const state = keep ? ('sent' as const) : ('released' as const);
              touches = touches.map((touch) =>
                touch.touchId === touchId ? { ...touch, state, ...(keep && { at }) } : touch,
              );
              rows.push(aSettled(touchId, at, keep ? {} : { settled: 'released' }));
            }
            open.splice(0, open.length, ...open.filter(({ until }) => until > now));
          };
          let now = Date.UTC(2026, 0, 1) + startDay * DAY_MS;
          steps.forEach((step, index) => {
            now += step.minutes * 60_000;
            settleUntil(now);
            const at = new Date(now).toISOString();
            const touch = { touchId: `t-${index}`, at, channel: 'sms', class: step.class };
            const contact: GateContact = {
              contactId: 'c',
              channels: { sms: { reachable: true } },
              billDay,
              touches,
            };
            if (decide(prepared, contact, touch).verdict !== 'pass') return;
            const settleBy = new Date(now + DAY_MS).toISOString();
            touches.push({ ...touch, state: 'tasked', settleBy });
            rows.push(
              aPassed(touch.touchId, at, {
                class: step.class,
                ...(step.class === 'reply' && {
                  answers: { act: 'added', at, ref: touch.touchId },
                }),
                basis: { ...BASIS, timezone, billDay },
                settleBy,
              }),
            );
            const { touchId } = touch;
            open.push({ touchId, until: now + step.openFor * 60_000, keep: step.keep });
            settleUntil(now);
          });
          settleUntil(Number.POSITIVE_INFINITY);
          const found = proveContact(
            ledger(...rows),
            (ref) => (ref === 'default@1' ? { policy, holidays: {} } : undefined),
            LATER,
          );
          // What staff confirm late is theirs to answer for.
          expect(found.filter(({ kind }) => kind !== 'late-by-staff')).toEqual([]);
        },
      ),
      { numRuns: 60, endOnFailure: true },
    );
  });
});
