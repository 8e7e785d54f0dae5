// The gate against a second, slow reading of its specification.

import fc from 'fast-check';
import { gateCases } from '../../test/gate/cases';
import { oracle } from '../../test/gate/oracle';
import { decide, preparePolicy } from './gate';
import { parseGateCase } from './gate.schema';

test('answers as a straight reading of the specification does, also where clocks change', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(gateCases, (asked) => {
      const { policy, contact, touch, holidays } = parseGateCase(asked);
      const { explain: _, ...answer } = decide(preparePolicy(policy, holidays), contact, touch);
      const kind = `${answer.verdict} ${answer.reason ?? ''}`.trim();
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
      expect(answer).toEqual(oracle(asked));
    }),
    { seed: 20_261_122, numRuns: 600 },
  );
  // What the comparison is worth: every reason came up, or the cases have grown too tame.
  const reasons = [
    'unreachable',
    'blocked',
    'consent',
    'dnd',
    'quiet-hours',
    'gap',
    'cap',
    'holdout',
    'expired',
    'too-late',
  ];
  const expected = [
    'pass',
    'deferred dnd',
    'deferred quiet-hours',
    'deferred gap',
    'deferred cap',
    ...reasons.map((reason) => `suppressed ${reason}`),
  ];
  expect([...seen.keys()].sort()).toEqual(expected.sort());
});
