// The worked cases of facts, their cousins, and what holds of every history.

import fc from 'fast-check';
import { toldInAnyOrder } from '../../test/support/anyOrder';
import { workedCases } from '../../test/support/workedCases';
import { type FactEvent, factsOf } from './facts';
import { answerEvents } from './facts.schema';

test.each(workedCases('events'))(
  'answers the worked case %s',
  (_name, { expect: expected, ...given }) => {
    expect(answerEvents(given)).toEqual(expected);
  },
);

const iso = (minute: number) => new Date(Date.UTC(2026, 2, 2) + minute * 60_000).toISOString();

const event = (
  eventId: string,
  type: string,
  minute: number,
  data: FactEvent['data'] = {},
): FactEvent => ({
  ...{ eventId, type, data },
  occurredAt: iso(minute),
  receivedAt: iso(100),
});

describe('facts', () => {
  it('are of the latest to have happened, not of the last to be heard', () => {
    const { facts } = factsOf([
      event('e-1', 'bill', 60, { dueFen: 8900 }),
      event('e-2', 'bill', 5, { dueFen: 100 }),
      event('e-3', 'bill-paid', 6),
    ]);
    expect(facts).toEqual({ billDueFen: { value: 8900, asOf: iso(60) } });
  });

  it('take a payment before a bill of the same instant, and else the larger id', () => {
    const paid = [event('e-9', 'bill', 1, { dueFen: 5 }), event('e-1', 'bill-paid', 1)];
    expect(factsOf(paid).facts.billDueFen?.value).toBe(0);
    expect(factsOf(paid.toReversed()).facts.billDueFen?.value).toBe(0);

    const ids = ['e-10', 'e-2', '\uff5e', '𠮷'].map((id, i) =>
      event(id, 'usage', 1, { percent: i }),
    );
    expect(factsOf(ids).facts.dataUsedPct?.value).toBe(2);
  });

  it('know nothing of what has not happened yet, and clocks may differ by five minutes', () => {
    const ahead = event('e-1', 'usage', 105, { percent: 95 });
    expect(factsOf([ahead]).facts).toEqual({ dataUsedPct: { value: 95, asOf: iso(100) } });

    const tooFar = [event('e-3', 'usage', 106, {}), event('e-2', 'login', 5000)];
    expect(factsOf(tooFar)).toEqual({ facts: {}, refused: ['e-2', 'e-3'] });
  });

  it('take nothing from an event that says nothing', () => {
    expect(factsOf([event('e-1', 'usage', 1), event('e-2', 'login', 1)]).facts).toEqual({});
    expect(factsOf([event('e-1', 'message', 1)]).facts).toEqual({
      lastSpokeAt: { value: iso(1), asOf: iso(1) },
    });
  });
});

const drawn = fc.record({
  type: fc.constantFrom('usage', 'bill', 'bill-paid', 'recharge', 'balance', 'message', 'login'),
  occurred: fc.integer({ min: 90, max: 110 }),
  amount: fc.integer({ min: 0, max: 3 }),
});

test('every order of arrival, and every repeat, ends the same', () => {
  const events = fc
    .array(drawn, { maxLength: 10 })
    .map((history) =>
      history.map(({ type, occurred, amount }, i) =>
        event(`e-${i}`, type, occurred, { percent: amount, dueFen: amount, balanceFen: amount }),
      ),
    );
  const histories = toldInAnyOrder(events);
  fc.assert(
    fc.property(histories, ([history, shuffled, repeated]) => {
      const { facts } = factsOf([...shuffled, ...repeated]);
      expect(facts).toEqual(factsOf(history).facts);
      for (const { asOf } of Object.values(facts)) expect(asOf <= iso(100)).toBe(true);
    }),
    { numRuns: 10_000 },
  );
});
