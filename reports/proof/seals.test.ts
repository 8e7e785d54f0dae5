import fc from 'fast-check';
import { canonicalJson } from '../../rules/ledger/chain';
import type { LedgerRow } from '../../rules/ledger/rows';
import { HOUR_MS } from '../../rules/time/durations';
import {
  aProvedLedger,
  LEDGER_KEY,
  PEOPLE,
  type ProvedLedger,
  rewritten,
  SEALED_POLICY,
} from '../../test/fakes/provedLedger';
import { checkLedger } from './check';
import { readLine } from './rows';

let ledger: ProvedLedger;
beforeAll(async () => {
  ledger = await aProvedLedger();
});

const later = (row: LedgerRow, ms: number) => new Date(Date.parse(row.at) + ms).toISOString();

describe('a single falsified row (property)', () => {
  type Mutation = (row: LedgerRow) => readonly LedgerRow[];

  const paths = (value: object, above: readonly string[] = []): (readonly string[])[] =>
    Object.entries(value).flatMap(([key, each]) =>
      typeof each === 'object' && each !== null && Object.keys(each).length > 0
        ? paths(each, [...above, key])
        : [[...above, key]],
    );
  const other = (value: unknown) =>
    typeof value === 'number'
      ? value + 1
      : typeof value === 'boolean'
        ? !value
        : `${String(value)}0`;

  function changedAt(row: LedgerRow, path: readonly string[], isRemoved: boolean): LedgerRow {
    const copy = structuredClone(row);
    const last = path.at(-1) ?? '';
    let place = copy as unknown as Record<string, unknown>;
    for (const key of path.slice(0, -1)) place = place[key] as Record<string, unknown>;
    if (isRemoved) delete place[last];
    else place[last] = other(place[last]);
    return copy;
  }

  const mutations: fc.Arbitrary<Mutation> = fc.oneof(
    fc.constant<Mutation>(() => []),
    fc.constant<Mutation>((row) => [row, row]),
    fc
      .constantFrom(...Object.values(PEOPLE))
      .map<Mutation>((contactId) => (row) => [
        { ...row, contactId: row.contactId === contactId ? 'somebody-else' : contactId },
      ]),
    fc
      .integer({ min: 1, max: 10 * HOUR_MS })
      .map<Mutation>((ms) => (row) => [{ ...row, at: later(row, -ms) }]),
    fc.uuid().map<Mutation>((touchId) => (row) => [row, { ...row, touchId }]),
    fc
      .record({ place: fc.nat(), isRemoved: fc.boolean() })
      .map<Mutation>(({ place, isRemoved }) => (row) => {
        const all = paths(row);
        return [changedAt(row, all[place % all.length] ?? [], isRemoved)];
      }),
    fc.constant<Mutation>((row) => [{ ...row, addedLater: 1 } as object as LedgerRow]),
  );

  /** What signing again has mended: a row that only lost its place in the chain. */
  const isSame = (lines: readonly string[], rows: readonly LedgerRow[]) => {
    const texts = [lines, rows.map((row) => JSON.stringify(row))].map((each) =>
      each.map((line) => canonicalJson(JSON.parse(line))).sort(),
    );
    return JSON.stringify(texts[0]) === JSON.stringify(texts[1]);
  };

  async function violations(lines: readonly string[]): Promise<number> {
    async function* rows() {
      for (const [i, line] of lines.entries()) yield readLine(line, i + 1);
    }
    async function* seals() {
      yield* ledger.seals;
    }
    const versions = { policy: async () => SEALED_POLICY, holidays: async () => null };
    const { subjectOf } = LEDGER_KEY;
    const ledgerKeys = { keys: new Map([[LEDGER_KEY.id, LEDGER_KEY]]), subjectOf };
    for await (const event of checkLedger({ rows: rows(), versions, ledgerKeys, seals: seals() }))
      if ('summary' in event) return event.summary.violations;
    throw new Error('no summary');
  }

  it('is found when seals are given: deleted, changed in any field, twice, moved or invented, signed again or not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), mutations, fc.boolean(), async (index, mutate, isSigned) => {
        const at = index % ledger.rows.length;
        const rows = ledger.rows.flatMap((row, i) => (i === at ? mutate(row) : [row]));
        const mayBeSigned = rows.every(
          (row) => readLine(JSON.stringify(row), 1).kind !== 'malformed',
        );
        const given = isSigned && mayBeSigned ? rewritten(rows, LEDGER_KEY) : rows;
        const lines = given.map((row) => JSON.stringify(row));
        fc.pre(!isSame(lines, ledger.rows));
        expect(await violations(lines)).toBeGreaterThan(0);
      }),
      { numRuns: 400 },
    );
  });
});
