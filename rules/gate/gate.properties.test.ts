// What must hold of every decision, whatever the policy.

import fc from 'fast-check';
import { type Case, gateCases } from '../../test/gate/cases';
import type { TouchRecord } from '../contact/gateContact.schema';
import { HOUR_MS, MINUTE_MS } from '../time/durations';
import { formatInstant } from '../time/instant';
import { decide, preparePolicy } from './gate';
import type { Decision } from './gate.schema';

const decideCase = ({ policy, contact, touch, holidays }: Case): Decision =>
  decide(preparePolicy(policy, holidays), contact, touch);

/** Rules 1-7 pass: what is left is the holdout, which does not look at the clock. */
const allowed = ({ verdict, reason }: Decision): boolean =>
  verdict === 'pass' || reason === 'holdout';

/** The same case asked at another instant, without expiry. */
const askedAt = (asked: Case, at: number): Case => {
  const { expiresAt: _, ...touch } = asked.touch;
  return { ...asked, touch: { ...touch, at: formatInstant(at) } };
};

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null)
    Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

test('a deferred touch passes at `until` and at no earlier minute', () => {
  let deferred = 0;
  fc.assert(
    fc.property(gateCases, (asked) => {
      const { verdict, until } = decideCase(asked);
      if (verdict !== 'deferred') return;
      deferred += 1;
      const from = Date.parse(asked.touch.at);
      const end = Date.parse(until ?? '');
      expect(end).toBeGreaterThan(from);
      expect(allowed(decideCase(askedAt(asked, end)))).toBe(true);
      // Every minute of the first and the last 12 hours, every hour between, and the last millisecond.
      const minutes = [end - 1];
      for (
        let at = from;
        at < end;
        at += at - from < 720 * MINUTE_MS || end - at < 780 * MINUTE_MS ? MINUTE_MS : 60 * MINUTE_MS
      )
        minutes.push(at);
      expect(minutes.filter((at) => allowed(decideCase(askedAt(asked, at))))).toEqual([]);
    }),
    { seed: 7, numRuns: 300 },
  );
  expect(deferred).toBeGreaterThan(30);
});

test('one touch more never turns a refusal into a pass', () => {
  let refused = 0;
  const withMore = gateCases.chain((asked) =>
    fc.record({
      asked: fc.constant(asked),
      more: fc.record<TouchRecord>({
        touchId: fc.constantFrom('more', asked.touch.touchId),
        at: fc
          .integer({ min: -800, max: 100 })
          .map((hours) => formatInstant(Date.parse(asked.touch.at) + hours * HOUR_MS)),
        state: fc.constantFrom('reserved', 'tasked', 'sent', 'released'),
        channel: fc.constantFrom('wecom', 'sms', 'call'),
        class: fc.constantFrom('marketing', 'service', 'transactional'),
        category: fc.constantFrom('a', 'b'),
        campaign: fc.constantFrom('k-1', 'k-2'),
      }),
    }),
  );
  fc.assert(
    fc.property(withMore, ({ asked, more }) => {
      if (decideCase(asked).verdict === 'pass') return;
      refused += 1;
      const contact = { ...asked.contact, touches: [...(asked.contact.touches ?? []), more] };
      expect(decideCase({ ...asked, contact }).verdict).not.toBe('pass');
    }),
    { seed: 8, numRuns: 2000 },
  );
  expect(refused).toBeGreaterThan(500);
});

test('the same input gives the same answer, in any order of touches, and is left as it was', () => {
  fc.assert(
    fc.property(gateCases, (asked) => {
      frozen(asked);
      const answer = decideCase(asked);
      expect(decideCase(asked)).toEqual(answer);
      const touches = [...(asked.contact.touches ?? [])].reverse();
      expect(decideCase({ ...asked, contact: { ...asked.contact, touches } })).toEqual(answer);
    }),
    { seed: 9, numRuns: 500 },
  );
});

test('an explanation names the deciding rule with the answer it gave, unless the search or the clock decided', () => {
  fc.assert(
    fc.property(gateCases, (asked) => {
      const { verdict, reason, rule, explain } = decideCase(asked);
      const strictest = explain.some(({ answer }) => answer === 'suppress');
      if (verdict === 'pass') expect(explain.every(({ answer }) => answer === 'pass')).toBe(true);
      if (verdict === 'deferred')
        expect(explain.find(({ answer }) => answer === 'defer')).toMatchObject({
          kind: reason,
          rule,
        });
      if (verdict === 'suppressed' && reason !== 'expired' && strictest)
        expect(explain.find(({ answer }) => answer === 'suppress')).toMatchObject({
          kind: reason,
          rule,
        });
    }),
    { seed: 10, numRuns: 500 },
  );
});
