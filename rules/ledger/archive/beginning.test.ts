import fc from 'fast-check';
import { aPassed, aSettled, linked, linkedAsOnce, PROVED_POLICY } from '../../../test/fakes/ledger';
import { KEYS, LEDGER_KEY } from '../../../test/fakes/provedLedger';
import { HOUR_MS } from '../../time/durations';
import { forgottenRows } from '../forgottenRows';
import { proveContact } from '../proof/contact';
import type { LedgerRow } from '../rows';
import { outOfOrder, unfinishedTouches } from './archivable';
import { beginningAt, type ChainEnd, chainEndOf, isArchived } from './beginning';

const START = Date.parse('2026-03-02T02:00:00.000Z');
const at = (hours: number) => new Date(START + hours * HOUR_MS).toISOString();
const policies = () => ({ policy: { ...PROVED_POLICY, caps: [] }, holidays: {} });

/** A day apart each, delivered at once; some were refused before. */
const aLedger = fc
  .array(fc.record({ refused: fc.boolean(), sent: fc.boolean() }), { minLength: 1, maxLength: 6 })
  .map((touches) =>
    touches.flatMap(({ refused, sent }, day): LedgerRow[] => {
      const when = at(day * 24);
      const pass = aPassed(`t-${day}`, when);
      const { settleBy: _, ...rest } = aPassed(`r-${day}`, when, { reason: 'cap', rule: 'week' });
      return [
        ...(refused ? [{ ...rest, verdict: 'suppressed' } as const] : []),
        pass,
        aSettled(`t-${day}`, when, sent ? {} : { settled: 'released', why: 'unconfirmed' }),
      ];
    }),
  );

const prove = (rows: readonly LedgerRow[], before?: ChainEnd) =>
  proveContact(rows, policies, at(0), { ...KEYS, unkeyedUntil: at(9999) }, before);

describe('where the ledger of a contact begins', () => {
  it('lets what follows be proved, wherever its chain was cut', () => {
    fc.assert(
      fc.property(aLedger, fc.nat(), (given, place) => {
        const rows = linked(given, LEDGER_KEY);
        const cut = place % rows.length;
        const before = chainEndOf(rows.slice(0, cut));
        const rest = rows.slice(cut);

        expect(prove(rows)).toEqual([]);
        expect(prove(rest, cut === 0 ? undefined : before)).toEqual([]);
        // A row less is a hole, on whichever side of the cut it was.
        if (cut > 0) expect(prove(rest, chainEndOf(rows.slice(0, cut - 1)))).not.toEqual([]);
        if (rest.length > 1) expect(prove(rest.slice(1), before)).not.toEqual([]);
      }),
    );
  });

  it('is the same whether rows were archived at once or one after the other', () => {
    fc.assert(
      fc.property(aLedger, fc.nat(), (given, place) => {
        const rows = linked(given, LEDGER_KEY);
        const cut = place % rows.length;
        const inTwo = chainEndOf(rows.slice(cut), chainEndOf(rows.slice(0, cut)));
        expect(inTwo).toEqual(chainEndOf(rows));
      }),
    );
  });

  it('holds for rows from before every kind was counted, also when the contact is forgotten', () => {
    const facts = [0, 24, 48].flatMap((hours) => [
      aPassed(`t-${hours}`, at(hours), { contactId: 'c-1' }),
      aSettled(`t-${hours}`, at(hours)),
    ]);
    const rows = linkedAsOnce(facts);
    const before = chainEndOf(rows.slice(0, 2));
    expect(before).toMatchObject({ revision: 2, at: at(0) });
    expect(before.sequence).toBeUndefined();

    const rest = rows.slice(2);
    expect(prove(rest, before)).toEqual([]);
    const { subjectOf } = LEDGER_KEY;
    if (!subjectOf) throw new Error('no pseudonyms');
    const key = { ...LEDGER_KEY, subjectOf };
    expect(prove(forgottenRows(rest, { life: undefined, key, before }), before)).toEqual([]);
    expect(prove(forgottenRows(rest, { life: undefined, key }), before)).not.toEqual([]);
  });

  it('covers the rows up to its last, and none that came later', () => {
    const rows = linked(
      [0, 1, 2].map((hours) => aPassed(`t-${hours}`, at(hours))),
      LEDGER_KEY,
    );
    const end = chainEndOf(rows.slice(0, 2));
    const beginning = beginningAt(end, { contactId: '~c', until: at(9), key: LEDGER_KEY });
    expect(rows.map((row) => isArchived(row, beginning))).toEqual([true, true, false]);
  });
});

describe('a touch of which more is to come', () => {
  const pass = aPassed('t', at(0));
  const now = at(1);

  it.each<readonly [string, readonly LedgerRow[], boolean]>([
    ['is one that is reserved', [pass], true],
    ['is none that was sent', [pass, aSettled('t', at(0))], false],
    ['is none that was released', [pass, aSettled('t', at(0), { settled: 'released' })], false],
    [
      'is one that was taken back, without an end',
      [pass, aSettled('t', at(0), { settled: 'withdrawn' })],
      true,
    ],
    [
      'is one whose next attempt is to come',
      [{ ...pass, verdict: 'deferred', until: at(2) }],
      true,
    ],
    [
      'is none that was put off until a time which is past',
      [{ ...pass, verdict: 'deferred', until: at(1) }],
      false,
    ],
    ['is none that was refused', [{ ...pass, verdict: 'suppressed' }], false],
    [
      'is one that was released and is reserved again',
      [pass, aSettled('t', at(0), { settled: 'released' }), { ...pass, attempt: 2 }],
      true,
    ],
  ])('%s', (_title, rows, isOpen) => {
    const found = [{ touchId: 't', at: at(0) }];
    expect(unfinishedTouches(linked(rows, LEDGER_KEY), now)).toEqual(isOpen ? found : []);
    expect(unfinishedTouches(linked(rows, LEDGER_KEY).toReversed(), now)).toEqual(
      isOpen ? found : [],
    );
  });
});

test('rows that were written after a row of a later hour are out of order', () => {
  const rows = linked(
    [0, 3, 1, 2].map((hours) => aPassed(`t-${hours}`, at(hours))),
    LEDGER_KEY,
  );
  const before = rows.filter((row) => row.at < at(3));
  expect(outOfOrder(before, undefined)).toMatchObject({ why: 'out-of-order', touchId: 't-1' });
  expect(outOfOrder(rows, undefined)).toBeNull();
  expect(outOfOrder(rows.slice(2), chainEndOf(rows.slice(0, 2)))).toBeNull();
});
