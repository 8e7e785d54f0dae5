// Facts as they are kept end as `sopflow people` says, in whatever order they are heard.

import fc from 'fast-check';
import { type FactEvent, factOf, factsOf, happenedAt } from './facts';
import { type KnownFacts, withFacts, withPurchase } from './knownFacts';

const at = (minute: number): string =>
  new Date(Date.UTC(2026, 10, 20, 8) + minute * 60_000).toISOString();
const later = { asOf: at(10) };
const earlier = { asOf: at(5) };

describe('what is known of a customer', () => {
  it('is not changed by what is told of an earlier time', () => {
    const known = withFacts({}, { facts: { billDueFen: 8900 }, plan: { id: 'p', fee: 9 } }, later);
    const told = { facts: { billDueFen: 100, balanceFen: 5 }, plan: { id: 'q', fee: 1 } };
    expect(withFacts(known, told, earlier)).toEqual({
      facts: { billDueFen: 8900, balanceFen: 5 },
      plan: { id: 'p', fee: 9 },
      factTimes: { billDueFen: later, plan: later, balanceFen: earlier },
    });
  });

  it('is of an unknown past where nobody said of when: whatever has a time overrules it', () => {
    const known: KnownFacts = { facts: { balanceFen: 1 }, plan: { id: 'p', fee: 9 } };
    expect(withFacts(known, { facts: { balanceFen: 2 } }, earlier).facts).toEqual({
      balanceFen: 2,
    });
    const dated = withFacts({}, { facts: { balanceFen: 2 } }, earlier);
    expect(withFacts(dated, { facts: { balanceFen: 3 } })).toBe(dated);
  });

  it('of an earlier version is of the instant that it names itself', () => {
    const known = { facts: { lastSpokeAt: at(10), billDueFen: 8900, billedAt: at(10) } };
    const told = { facts: { lastSpokeAt: at(5), billDueFen: 100, billedAt: at(5) } };
    expect(withFacts(known, told, earlier)).toEqual(known);
  });

  it('takes an imported last word for what it names, not for when it was imported', () => {
    const spoke = withFacts({}, { facts: { lastSpokeAt: at(8) } }, { asOf: at(8), eventId: 'e' });
    const imported = { facts: { lastSpokeAt: at(1), segment: 'A' } };
    expect(withFacts(spoke, imported, later).facts).toEqual({ lastSpokeAt: at(8), segment: 'A' });
  });

  it('does not come back by an older event once it was removed', () => {
    const known = withFacts({ facts: { balanceFen: 5 } }, { facts: { balanceFen: null } }, later);
    expect(withFacts(known, { facts: { balanceFen: 7 } }, earlier).facts).toEqual({});
    expect(withFacts(known, { facts: { balanceFen: 7 } }, { asOf: at(11) }).facts).toEqual({
      balanceFen: 7,
    });
  });
});

type Step =
  | { readonly minute: number; readonly product: string }
  | { readonly minute: number; readonly products: readonly string[] };

describe('products', () => {
  it('are what the latest list says and what was bought since, the latest last', () => {
    let known = withFacts({}, { facts: { products: ['a', 'b'] } }, { asOf: at(5) });
    known = withPurchase(known, { product: 'late', at: at(4) });
    known = withPurchase(known, { product: 'a', at: at(9) });
    known = withPurchase(known, { product: 'c', at: at(7) });
    expect(known.facts).toEqual({ products: ['b', 'c', 'a'] });

    known = withFacts(known, { facts: { products: ['z'] } }, { asOf: at(8) });
    expect(known.facts).toEqual({ products: ['z', 'a'] });
  });

  it('end the same in every order', () => {
    const lists = fc.record({
      minute: fc.integer({ min: 0, max: 9 }),
      products: fc.uniqueArray(fc.constantFrom('a', 'b', 'c')),
    });
    const purchases = fc.record({
      minute: fc.integer({ min: 0, max: 9 }),
      product: fc.constantFrom('a', 'b', 'c', 'd'),
    });
    const histories = fc
      .tuple(fc.option(lists), fc.array(purchases, { maxLength: 5 }))
      .chain(([list, bought]) => {
        const steps = [...(list ? [list] : []), ...bought];
        return fc.tuple(
          fc.constant(steps),
          fc.shuffledSubarray(steps, { minLength: steps.length }),
          fc.subarray(steps),
        );
      });
    const after = (steps: readonly Step[]) =>
      steps.reduce<KnownFacts>(
        (known, told) =>
          'product' in told
            ? withPurchase(known, { product: told.product, at: at(told.minute) })
            : withFacts(known, { facts: { products: told.products } }, { asOf: at(told.minute) }),
        {},
      );
    fc.assert(
      fc.property(histories, ([steps, shuffled, repeated]) => {
        expect(after([...shuffled, ...repeated])).toEqual(after(steps));
      }),
    );
  });
});

const drawn = fc.record({
  type: fc.constantFrom('usage', 'bill', 'bill-paid', 'plan-changed', 'recharge', 'message', 'x'),
  occurred: fc.integer({ min: -3, max: 9 }),
  received: fc.integer({ min: 0, max: 3 }),
  amount: fc.integer({ min: 0, max: 3 }),
});

test('heard shuffled and doubled they end as `sopflow people` answers', () => {
  const histories = fc.array(drawn, { maxLength: 12 }).chain((history) => {
    const events = history.map(({ type, occurred, received, amount }, i): FactEvent => {
      const data = {
        percent: amount,
        dueFen: amount,
        balanceFen: amount,
        plan: { id: 'p', fee: amount },
      };
      return { eventId: `e-${i}`, type, occurredAt: at(occurred), receivedAt: at(received), data };
    });
    return fc.tuple(
      fc.constant(events),
      fc.shuffledSubarray(events, { minLength: events.length }),
      fc.subarray(events),
    );
  });

  fc.assert(
    fc.property(histories, ([events, shuffled, repeated]) => {
      const known = [...shuffled, ...repeated].reduce<KnownFacts>(heardOf, {});
      const values = { ...known.facts, ...(known.plan && { plan: known.plan }) };
      const kept = Object.entries(values).map(([name, value]) => [
        name,
        { value, asOf: known.factTimes?.[name]?.asOf },
      ]);
      expect(Object.fromEntries(kept)).toEqual(factsOf(events).facts);
    }),
    { numRuns: 10_000 },
  );
});

function heardOf(known: KnownFacts, event: FactEvent): KnownFacts {
  const asOf = happenedAt(event);
  const fact = asOf === null ? null : factOf(event, new Date(asOf).toISOString());
  if (fact === null) return known;

  const { name, value, time } = fact;
  const told =
    name === 'plan' ? { plan: value as { id: string; fee: number } } : { facts: { [name]: value } };
  return withFacts(known, told, time);
}
