// Receipts and our own settlement in every order: the touch, its last row and its proof come out the same.

import fc from 'fast-check';
import { aPassed, BASIS, PROVED_POLICY } from '../../test/fakes/ledger';
import type { KeptTouch } from '../contact/contact';
import { proveContact } from './proof/contact';
import type { LedgerRow, SettlementRow } from './rows';
import {
  type ReceiptGiven,
  recalledTouch,
  type SettlementGiven,
  type TouchState,
  withReceipt,
  withReservation,
  withSettlement,
} from './touchState';

const at = (second: number) => new Date(Date.UTC(2026, 2, 2, 2) + second * 1000).toISOString();
const ACCEPTED = at(0);

type Told = { readonly receipt: ReceiptGiven } | { readonly settlement: SettlementGiven };

interface Lived {
  readonly state: TouchState;
  readonly rows: readonly LedgerRow[];
}

function reserved(): Lived {
  const state: TouchState = { contactId: 'c-1', touches: [], revision: 0 };
  const moved = withReservation(state, aPassed('t', at(0), { revision: 1, on: BASIS }));
  if (!moved) throw new Error('not reserved');
  const { touches, revision, row } = moved;
  return {
    state: { ...state, touches, revision, chain: row.chain, sequence: row.sequence },
    rows: [row],
  };
}

function hear({ state, rows }: Lived, told: Told): Lived {
  const received = 'receipt' in told ? withReceipt(state, 't', told.receipt) : null;
  const moved = 'receipt' in told ? received?.moved : withSettlement(state, 't', told.settlement);
  if (!moved) return { state: { ...state, touches: received?.touches ?? state.touches }, rows };

  const { touches, revision, row } = moved;
  return {
    state: { ...state, touches, revision, chain: row.chain, sequence: row.sequence },
    rows: [...rows, row],
  };
}

const endOf = (order: readonly Told[]): Lived => order.reduce(hear, reserved());
const touchOf = ({ state }: Lived): KeptTouch | undefined => state.touches[0];

/** Without what depends on how often the touch has changed its mind. */
function lastRow({ rows }: Lived): object {
  const { revision, chain, sequence, again, ...row } = rows.at(-1) as SettlementRow;
  return row;
}

const messages = fc.integer({ min: 1, max: 3 }).chain((parts) =>
  fc
    .array(
      fc.record({
        part: fc.integer({ min: 1, max: parts }),
        state: fc.constantFrom('delivered' as const, 'failed' as const),
        at: fc.integer({ min: 1, max: 9 }).map(at),
      }),
      { maxLength: 5 },
    )
    .map((receipts): readonly Told[] => [
      {
        settlement: { settled: 'sent', channelRef: 'm-1', parts, acceptedAt: ACCEPTED, at: at(20) },
      },
      ...receipts.map((receipt) => ({
        receipt: {
          ...receipt,
          channelRef: 'm-1',
          heardAt: at(20),
          ...(receipt.state === 'failed' && { code: `E${receipt.part}` }),
          ...(parts === 1 && { parts: 1 }), // a gateway that does not speak of parts
        },
      })),
    ]),
);
const orders = messages.chain((told) =>
  fc.tuple(
    fc.constant(told),
    fc.shuffledSubarray([...told], { minLength: told.length }),
    fc.subarray([...told]),
  ),
);

test('every order, with repeats, ends in the same touch and the same row', () => {
  fc.assert(
    fc.property(orders, ([told, order, repeats]) => {
      const expected = endOf(told);
      const found = endOf([...order, ...repeats]);
      expect(touchOf(found)).toEqual(touchOf(expected));
      expect(lastRow(found)).toEqual(lastRow(expected));
    }),
    { numRuns: 2000 },
  );
});

test('the ledger alone tells what became of it, and the proof holds nothing against it', () => {
  fc.assert(
    fc.property(orders, ([, order]) => {
      const { state, rows } = endOf(order);
      const [kept] = state.touches;
      const recalled = recalledTouch(rows, 't');
      expect(recalled).toEqual({ ...kept, ...(kept?.receipts && { receipts: undefined }) });
      expect(proveContact(rows, () => ({ policy: PROVED_POLICY, holidays: {} }), at(99))).toEqual(
        [],
      );
    }),
    { numRuns: 500 },
  );
});

test('a slot is free only when no part came through', () => {
  fc.assert(
    fc.property(orders, ([told, order]) => {
      const receipts = told.flatMap((each) => ('receipt' in each ? [each.receipt] : []));
      if (touchOf(endOf(order))?.state !== 'released') return;
      expect(receipts.every(({ state }) => state === 'failed')).toBe(true);
    }),
  );
});
