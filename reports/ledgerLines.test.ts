import { archive, archiveDeps, hour } from '../test/fakes/archiving';
import { aProvedLedger, KEYS, PEOPLE, SEALED_POLICY } from '../test/fakes/provedLedger';
import { ledgerLines, linesOfContact } from './ledgerLines';
import { checkLedger } from './proof/check';
import type { LedgerLine } from './proof/rows';

async function collect(lines: AsyncIterable<LedgerLine>): Promise<LedgerLine[]> {
  const found: LedgerLine[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

describe('the ledger as it is handed over', () => {
  it('is its rows alone as long as nothing is archived', async () => {
    const { stores, rows } = await aProvedLedger();
    expect(await collect(ledgerLines(stores))).toEqual(rows);
  });

  it('begins with its archives, and with where each contact begins since', async () => {
    const { stores, rows } = await aProvedLedger();
    await archive(archiveDeps(stores), hour(5));
    const lines = await collect(ledgerLines(stores));
    const contacts = new Set(rows.filter(({ at }) => at < hour(5)).map((row) => row.contactId));
    expect(lines.map(({ kind }) => kind)).toEqual([
      'archive',
      ...[...contacts].map(() => 'beginning'),
      ...rows.filter(({ at }) => at >= hour(5)).map(({ kind }) => kind),
    ]);

    const own = await linesOfContact(stores, PEOPLE.busy, KEYS.subjectOf);
    expect(own.map(({ kind }) => kind)).toEqual(['archive', 'beginning', 'decision']);
    expect(own[1]).toMatchObject({ contactId: KEYS.subjectOf?.(PEOPLE.busy) });
  });

  it('is proved also when it is archived while it is being read', async () => {
    const { stores } = await aProvedLedger();
    /** The archives were asked for before there was any, and the rows afterwards. */
    async function* rows(): AsyncGenerator<LedgerLine> {
      await archive(archiveDeps(stores), hour(5));
      yield* stores.touches.export();
    }
    const check = {
      rows: rows(),
      versions: { policy: async () => SEALED_POLICY, holidays: async () => null },
      ledgerKeys: KEYS,
      again: (contactId: string) => linesOfContact(stores, contactId, KEYS.subjectOf),
    };
    const found: unknown[] = [];
    for await (const event of checkLedger(check))
      if (!('summary' in event) && !('progress' in event)) found.push(event);
    expect(found).toEqual([]);
  });
});
