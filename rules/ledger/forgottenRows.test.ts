import fc from 'fast-check';
import { ledgerKey } from './chain';
import { forgottenRows } from './forgottenRows';
import { readKeyRing } from './keyRing';
import { brokenChain, chainOf } from './proof/links';
import type { DecisionRow, LedgerRow } from './rows';
import { digestOfRow } from './seal/seal';
import { createPseudonyms, isSubject, pseudonymous, sealedRowId } from './subject';
import { linked } from './touchState';

const SECRET = 'the-key-that-signs-this-ledger';
const NAMES = 'the-key-of-the-pseudonyms';
const RING = readKeyRing(`k1:${SECRET}`, undefined, undefined, NAMES);
const subjectOf = createPseudonyms(NAMES);
const NEW = { ...ledgerKey('k1', SECRET, subjectOf), subjectOf };
/** As an earlier version wrote: over the contact's own id. */
const OLD = ledgerKey('k1', SECRET);

const contactIds = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,11}$/);

/** A contact's rows, the first `old` of them from before there were pseudonyms. */
const histories = fc.record({
  contactId: contactIds,
  count: fc.integer({ min: 1, max: 8 }),
  old: fc.integer({ min: 0, max: 8 }),
  life: fc.option(fc.integer({ min: 2, max: 4 }), { nil: undefined }),
});
type History = typeof histories extends fc.Arbitrary<infer T> ? T : never;

function rowsOf({ contactId, count, old, life }: History): DecisionRow[] {
  const rows: DecisionRow[] = [];
  for (let i = 0; i < count; i++) {
    const { chain, sequence } = rows.at(-1) ?? {};
    const place = { ...(chain && { chain }), ...(sequence && { sequence }) };
    const key = i < old ? OLD : NEW;
    rows.push(linked({ ...place, key, ...(life && { life }) }, aDeferral(contactId, i)));
  }
  return rows;
}

const aDeferral = (contactId: string, i: number): DecisionRow => ({
  ...{ kind: 'decision', touchId: `welcome/${contactId}/s-1/${i}`, attempt: 1, contactId },
  ...{ city: 'yunfu', channel: 'sms', class: 'service', verdict: 'deferred', explain: [] },
  ...{ at: `2026-03-0${i + 1}T00:00:00.000Z`, policy: 'default@1', journey: 'welcome' },
  ...{ step: 'x', workflowId: `welcome/${contactId}/s-1`, runId: 'r-1', revision: 0 },
});

const faults = (rows: readonly LedgerRow[]) =>
  brokenChain(rows, chainOf(rows), RING).map(({ kind }) => kind);
const forget = (rows: readonly LedgerRow[], { life }: History) =>
  forgottenRows(rows, { life, key: NEW });

describe('the rows of who is forgotten', () => {
  it('are proved as before, and name nobody', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const rows = rowsOf(history);
        const forgotten = forget(rows, history);
        expect(faults(rows)).toEqual([]);
        expect(faults(forgotten)).toEqual([]);
        for (const { contactId, touchId, workflowId } of forgotten as DecisionRow[]) {
          expect(isSubject(contactId)).toBe(true);
          expect([touchId, workflowId].flatMap((id) => id.split('/'))).toContain(contactId);
        }
        for (const row of forgotten as DecisionRow[])
          for (const id of [row.contactId, row.touchId, row.workflowId])
            if (!['welcome', 's-1', 'r-1'].includes(history.contactId))
              expect(id.split('/')).not.toContain(history.contactId);
      }),
    );
  });

  it('keep link, id and digest of every row that was written under the pseudonym', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const rows = rowsOf({ ...history, old: 0 });
        const forgotten = forget(rows, history);
        const codes = (row: LedgerRow) => [row.chain, sealedRowId(row), digestOfRow(row)];
        expect(forgotten.map(codes)).toEqual(rows.map(codes));
        expect(forgotten.map(pseudonymous)).toEqual(forgotten);
      }),
    );
  });

  it('show every change that was made to them, before they were forgotten or after', () => {
    fc.assert(
      fc.property(histories, fc.nat(7), (history, i) => {
        const rows = rowsOf(history);
        const changed = (list: readonly LedgerRow[]) =>
          list.map((row, at) => (at === i % list.length ? { ...row, at: '2026-01-01' } : row));
        expect(faults(forget(changed(rows), history))).toContain('broken-chain');
        expect(faults(changed(forget(rows, history)))).toContain('broken-chain');
      }),
    );
  });
});

describe('a pseudonym', () => {
  it('is the same for the same contact and life, and another for any other', () => {
    fc.assert(
      fc.property(contactIds, contactIds, fc.nat(5), fc.nat(5), (a, b, i, j) => {
        expect(subjectOf(a, i) === subjectOf(b, j)).toBe(a === b && i === j);
        expect(createPseudonyms('another-secret-of-ours')(a, i)).not.toBe(subjectOf(a, i));
      }),
    );
  });
});
