import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LedgerRow } from '../../rules/ledger/rows';
import { aPassed, aSettled, linked, PROVED_POLICY } from '../../test/fakes/ledger';
import { type Check, checkLedger, type Finding } from './check';
import type { CheckSummary } from './checkSummary';
import { createSpill } from './spill';

const versions: Check['versions'] = {
  policy: async (id, version) => (id === 'default' && version === 1 ? PROVED_POLICY : null),
  holidays: async () => null,
};

/** Rows of many contacts, one after the other in time, as an export orders them. */
function ledgerOf(
  contacts: number,
  over: (contact: number) => Parameters<typeof aPassed>[2] = () => ({}),
): LedgerRow[] {
  const ids = Array.from({ length: contacts }, (_, i) => i);
  return linked(
    ['2026-03-02T02:00:00.000Z', '2026-03-03T02:00:00.000Z'].flatMap((at) =>
      ids.flatMap((i) => {
        const contactId = `c-${i}`;
        const touchId = `${contactId}/${at}`;
        return [
          { ...aPassed(touchId, at, over(i)), contactId },
          { ...aSettled(touchId, at), contactId },
        ];
      }),
    ),
  );
}

async function* from(rows: readonly LedgerRow[]): AsyncGenerator<LedgerRow> {
  yield* rows;
}

async function run(
  check: Omit<Check, 'versions'>,
): Promise<{ found: Finding[]; summary: CheckSummary | undefined }> {
  const found: Finding[] = [];
  let summary: CheckSummary | undefined;
  for await (const told of checkLedger({ versions, ...check })) {
    if ('summary' in told) summary = told.summary;
    else if (!('progress' in told)) found.push(told);
  }
  return { found, summary };
}

const SMALL = { buckets: 4, pieceLength: 1_000, heldLength: 20_000 };

describe('the check of a ledger', () => {
  it('holds no more rows at once than a bucket, however many there are', async () => {
    const few = await run({ rows: from(ledgerOf(100)), limits: SMALL });
    const many = await run({ rows: from(ledgerOf(1_000)), limits: SMALL });
    expect(many.summary).toMatchObject({ rows: 4_000, contacts: 1_000, violations: 0 });
    // A row has more than 300 characters.
    for (const { summary } of [few, many])
      expect(summary?.heldRows).toBeLessThanOrEqual(SMALL.heldLength / 300);
  });

  it('finds the same on disk and in memory', async () => {
    const rows = ledgerOf(300, (i) => (i % 50 === 7 ? { on: { consent: 'refused' } } : {}));
    const sorted = ({ found }: { found: Finding[] }) =>
      found.map((each) => JSON.stringify(each)).sort();
    const onDisk = sorted(await run({ rows: from(rows), limits: SMALL }));
    expect(onDisk).toHaveLength(12);
    expect(onDisk).toEqual(sorted(await run({ rows: from(rows) })));
  });

  it('leaves nothing on the disk, also when nobody wants to hear the rest', async () => {
    // A place of its own: others on this machine may be proving ledgers, too.
    const { TMPDIR } = process.env;
    const place = mkdtempSync(join(tmpdir(), 'check-place-'));
    process.env.TMPDIR = place;
    const rows = ledgerOf(200, () => ({ on: { consent: 'refused' } }));
    for await (const _ of checkLedger({ versions, rows: from(rows), limits: SMALL })) break;
    expect(readdirSync(place)).toEqual([]);

    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    rmSync(place, { recursive: true });
  });

  it('looks twice before it calls a ledger in use broken', async () => {
    const rows = ledgerOf(3);
    const late = rows.filter(({ contactId }) => contactId === 'c-1')[1];
    const early = rows.filter((row) => row !== late);
    expect((await run({ rows: from(early) })).summary?.violations).toBeGreaterThan(0);
    const again = async (contactId: string) => rows.filter((row) => row.contactId === contactId);
    expect((await run({ rows: from(early), again })).found).toEqual([]);
  });
});

describe('the buckets of rows', () => {
  it('keep all lines of a contact together, in their order', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'spill-test-'));
    const contactOf = (line: string) => line.split(' ')[0] ?? '';
    const spill = createSpill(folder, contactOf, { buckets: 3, pieceLength: 50, heldLength: 400 });
    for (let i = 0; i < 900; i++) await spill.add(`c-${i % 90}`, `c-${i % 90} ${i} a b`);
    const seen = new Map<string, string[]>();
    for await (const lines of spill.buckets()) {
      const contacts = new Set(lines.map(contactOf));
      for (const contact of contacts) {
        expect(seen.has(contact)).toBe(false);
        seen.set(
          contact,
          lines.filter((line) => contactOf(line) === contact),
        );
      }
    }
    expect(seen.size).toBe(90);
    expect(seen.get('c-7')).toEqual(Array.from({ length: 10 }, (_, i) => `c-7 ${7 + 90 * i} a b`));
    expect(existsSync(join(folder, '0'))).toBe(false);
    rmSync(folder, { recursive: true });
  });
});
