import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { ledgerLines } from '../../reports/ledgerLines';
import type { LedgerLine } from '../../reports/proof/rows';
import type { KeptArchive } from '../../rules/ledger/archive/archive';
import { type Beginning, beginningAt } from '../../rules/ledger/archive/beginning';
import type { LedgerRow } from '../../rules/ledger/rows';
import { archive, archiveDeps, hour } from '../../test/fakes/archiving';
import {
  aProvedLedger,
  LEDGER_KEY,
  PEOPLE,
  type ProvedLedger,
  PSEUDONYM_SECRET,
  rewritten,
  SEALED_POLICY,
} from '../../test/fakes/provedLedger';
import { runCheck } from './check';

const { busy, staffed } = PEOPLE;

/** A ledger of which two archives were taken: until two hours after its first row, and until five. */
interface Archived extends ProvedLedger {
  readonly live: readonly LedgerLine[];
  readonly files: readonly [readonly string[], readonly string[]];
}

let ledger: Archived;
let folder: string;
beforeAll(async () => {
  const proved = await aProvedLedger();
  const deps = archiveDeps(proved.stores);
  const files = [await archive(deps, hour(2)), await archive(deps, hour(5))] as const;
  const live: LedgerLine[] = [];
  for await (const line of ledgerLines(proved.stores)) live.push(line);
  ledger = { ...proved, files, live };
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archived-'));
  process.env.SOPFLOW_DATA = folder;
  process.env.SOPFLOW_LEDGER_KEYS = 'k1:the-key-that-signs-this-ledger';
  process.env.SOPFLOW_PSEUDONYM_KEY = PSEUDONYM_SECRET;
});
afterEach(() => {
  delete process.env.SOPFLOW_DATA;
  delete process.env.SOPFLOW_LEDGER_KEYS;
  delete process.env.SOPFLOW_PSEUDONYM_KEY;
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

interface Given {
  readonly contact?: string;
  readonly live?: readonly LedgerLine[];
  readonly files?: readonly (readonly string[])[];
  readonly seals?: boolean;
}

async function check({ live = ledger.live, files = [], seals = false, contact }: Given) {
  const write = (name: string, lines: readonly string[]) => {
    writeFileSync(join(folder, name), lines.map((line) => `${line}\n`).join(''));
    return join(folder, name);
  };
  const json = (lines: readonly object[]) => lines.map((line) => JSON.stringify(line));
  const version = { kind: 'policies', id: 'default', version: 1, state: 'published' };
  const args = [
    ...['--file', write('ledger.jsonl', json(live))],
    ...['--policies', write('policies.jsonl', json([{ ...version, body: SEALED_POLICY }]))],
    ...(contact === undefined ? [] : ['--contact', contact]),
    ...(seals ? ['--seals', write('seals.jsonl', ledger.seals)] : []),
    ...files.flatMap((lines, i) => ['--archive', write(`archive-${i}.jsonl`, lines)]),
  ];

  const out: string[] = [];
  const words: string[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => words.push(String(text)) > 0);
  const status = await runCheck(args);
  const found = out.map((line) => JSON.parse(line) as Record<string, string>);
  return { status, found, kinds: found.map(({ kind }) => kind), words: words.join('') };
}

const isRow = (line: LedgerLine): line is LedgerRow =>
  line.kind === 'decision' || line.kind === 'settlement';
const isOf = (contactId: string) => (row: LedgerRow) => row.contactId === contactId;
/** Of a file: its lines, with one kind of them changed. */
const edited = (file: readonly string[], edit: (line: never) => object | null): readonly string[] =>
  file.flatMap((line) => {
    const changed = edit(JSON.parse(line) as never);
    return changed ? [JSON.stringify(changed)] : [];
  });

describe('a ledger of which rows were archived', () => {
  it('is proved with every archive, as it was before', async () => {
    const all = await check({ files: ledger.files });
    expect({ status: all.status, found: all.found }).toEqual({ status: 0, found: [] });
    expect(await check({ files: ledger.files, seals: true })).toMatchObject({ status: 0 });
  });

  it('is proved with the latest archives alone, and in whatever order they are given', async () => {
    const [first, second] = ledger.files;
    expect(await check({ files: [second] })).toMatchObject({ status: 0, found: [] });
    expect(await check({ files: [second, first] })).toMatchObject({ status: 0, found: [] });
    expect(await check({ files: [second], seals: true })).toMatchObject({ status: 0 });
  });

  it('is proved from where it begins, and says how many rows that leaves open', async () => {
    const { status, found, words } = await check({});
    expect({ status, found }).toEqual({ status: 0, found: [] });
    // The window of the policy is a week: passes and endings of after the cut, of contacts from before it.
    expect(words).toMatch(/归档 archives: 2, .* not judged wholly without the files [1-9]/);
    expect(await check({ seals: true })).toMatchObject({ status: 0, found: [] });
  });

  it('is proved of one contact alone, with its archives and without', async () => {
    for (const contact of Object.values(PEOPLE))
      for (const files of [ledger.files, []])
        for (const seals of [true, false])
          expect(await check({ contact, files, seals })).toMatchObject({ status: 0, found: [] });

    const changed = edited(ledger.files[1], (line: LedgerRow) =>
      isRow(line) && line.touchId.endsWith('/second') ? { ...line, city: 'elsewhere' } : line,
    );
    const files = [ledger.files[0], changed];
    expect((await check({ contact: busy, files })).kinds).toContain('broken-chain');
    expect((await check({ contact: staffed, files })).kinds).not.toContain('broken-chain');
  });

  it('leaves nothing open with its archives', async () => {
    const { words } = await check({ files: ledger.files });
    expect(words).toContain('not judged wholly without the files 0 行');
  });

  it('is proved while the rows of a confirmed archive are leaving', async () => {
    const removing = ledger.live.map((line) =>
      line.kind === 'archive' ? { ...line, state: 'removing' as const } : line,
    );
    const half = ledger.rows.filter(({ at }, i) => at < hour(5) && at >= hour(2) && i % 2 === 0);
    const live = [...removing, ...half];
    expect(await check({ live })).toMatchObject({ status: 0, found: [] });
    expect(await check({ live, files: ledger.files })).toMatchObject({ status: 0, found: [] });
  });

  it('cannot be proved when an archive in between is not given', async () => {
    const [first] = ledger.files;
    const { status, words } = await check({ files: [first] });
    expect(status).toBe(2);
    expect(words).toContain(`the archive until ${hour(5)} is not given`);
  });
});

type Falsify = () => Given;
type Case = readonly [name: string, kind: string, falsify: Falsify];

const changeBeginning =
  (of: string, change: (beginning: Beginning) => Beginning | null): Falsify =>
  () => {
    const subject = LEDGER_KEY.subjectOf?.(of);
    let seen = 0;
    const live = ledger.live.flatMap((line) => {
      if (line.kind !== 'beginning' || line.contactId !== subject) return [line];
      seen += 1;
      return change(line) ?? [];
    });
    expect(seen).toBe(1);
    return { live };
  };
const changeArchive = (change: Partial<KeptArchive>): Falsify => {
  return () => ({
    live: ledger.live.map((line) =>
      line.kind === 'archive' && line.number === 2 ? { ...line, ...change } : line,
    ),
  });
};
const signedAgain = (beginning: Beginning): Beginning => {
  const { kind: _, key: __, code: ___, contactId, until, ...end } = beginning;
  return beginningAt(end, { contactId, until, key: LEDGER_KEY });
};
const changeFile =
  (edit: (line: never) => object | null): Falsify =>
  () => ({ files: [ledger.files[0], edited(ledger.files[1], edit)] });

const settled = (line: LedgerRow) => line.kind === 'settlement' && line.settled === 'sent';

/** Named without any file. */
const BY_THE_LEDGER: readonly Case[] = [
  [
    'the beginning of a contact is changed',
    'beginning-changed',
    changeBeginning(busy, (each) => ({ ...each, revision: 9 })),
  ],
  [
    'the beginning of a contact without rows is changed',
    'beginning-changed',
    changeBeginning(PEOPLE.whole, (each) => ({ ...each, chain: 'other' })),
  ],
  [
    'a beginning is changed, and signed again',
    'broken-archive',
    changeBeginning(PEOPLE.whole, (each) => signedAgain({ ...each, sequence: 1 })),
  ],
  ['a beginning is taken away', 'hole-in-sequence', changeBeginning(staffed, () => null)],
  [
    'the beginning of a contact without rows is taken away',
    'broken-archive',
    changeBeginning(PEOPLE.whole, () => null),
  ],
  ['who archived it is changed', 'broken-archive', changeArchive({ by: 'nobody' })],
  [
    'the record of an archive is taken away',
    'broken-archive',
    () => ({ live: ledger.live.filter((line) => line.kind !== 'archive' || line.number === 2) }),
  ],
  [
    'an archived row is put back',
    'row-back',
    () => ({ live: [...ledger.live, ...ledger.rows.slice(0, 1)] }),
  ],
  [
    'the first row after the cut is taken away',
    'hole-in-sequence',
    () => {
      const first = ledger.live.filter(isRow).find(isOf(staffed));
      return { live: ledger.live.filter((line) => line !== first) };
    },
  ],
  [
    'the ledger after the cut is made again without a row, by who has the key',
    'row-back',
    () => {
      const rows = ledger.rows.filter(
        ({ at, contactId }) => at >= hour(1) && contactId === staffed,
      );
      const other = ledger.live.filter((line) => !isRow(line) || line.contactId !== staffed);
      return { live: [...other, ...rewritten(rows.slice(1), LEDGER_KEY)], files: ledger.files };
    },
  ],
];

/** Named by the files. */
const BY_THE_FILES: readonly Case[] = [
  [
    'a row of the file is changed',
    'row-changed',
    changeFile((line: LedgerRow) => (settled(line) ? { ...line, settled: 'released' } : line)),
  ],
  [
    'a row of the file is changed: the file is named, too',
    'broken-archive',
    changeFile((line: LedgerRow) => (settled(line) ? { ...line, settled: 'released' } : line)),
  ],
  [
    'a row is taken out of the file',
    'row-missing',
    changeFile((line: LedgerRow) => (settled(line) ? null : line)),
  ],
  [
    'a row and its seal line are taken out of the file',
    'broken-seal',
    () => {
      const lines = ledger.files[1].filter((line) => !line.includes('/e/second'));
      expect(lines.length).toBeLessThan(ledger.files[1].length);
      return { files: [ledger.files[0], lines] };
    },
  ],
  [
    'the file is that of other hours',
    'broken-archive',
    () => ({ files: [ledger.files[0], [ledger.files[1][0] ?? '', ...ledger.files[0].slice(1)]] }),
  ],
  [
    'another file is given for it',
    'broken-archive',
    () => ({ files: [ledger.files[0], ledger.seals] }),
  ],
  [
    'the file ends early',
    'broken-archive',
    () => ({ files: [ledger.files[0], ledger.files[1].slice(0, -1)] }),
  ],
  [
    'where a contact began before the file is changed',
    'beginning-changed',
    () => ({
      files: [
        edited(ledger.files[1], (line: Beginning) =>
          line.kind === 'beginning' ? { ...line, chain: 'other' } : line,
        ),
      ],
    }),
  ],
  [
    'a seal in the file is changed',
    'broken-seal',
    changeFile((line: { kind: string }) => (line.kind === 'seal' ? { ...line, late: 7 } : line)),
  ],
];

describe('a falsified ledger of which rows were archived', () => {
  it.each(BY_THE_LEDGER)('is found when %s: %s', async (_name, kind, falsify) => {
    const { status, kinds } = await check(falsify());
    expect(kinds).toContain(kind);
    expect(status).toBe(1);
  });

  it.each(BY_THE_FILES)('is found by its archives when %s: %s', async (_name, kind, falsify) => {
    const { status, kinds } = await check(falsify());
    expect(kinds).toContain(kind);
    expect(status).toBeGreaterThan(0);
  });

  it('is found by its seals when a contact and its beginning are taken away', async () => {
    const subject = LEDGER_KEY.subjectOf?.(busy);
    const live = ledger.live.filter(
      (line) => line.kind === 'archive' || (line.contactId !== busy && line.contactId !== subject),
    );
    expect((await check({ live, seals: true })).kinds).toContain('contact-missing');
  });

  it('is found whichever single row is changed, on either side of the cut', async () => {
    const fields = [
      'at',
      'city',
      'verdict',
      'channel',
      'settled',
      'channelRef',
      'revision',
    ] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: ledger.rows.length - 1 }),
        fc.constantFrom(...fields),
        async (index, field) => {
          const row = ledger.rows[index] as unknown as Record<string, unknown>;
          fc.pre(row[field] !== undefined);
          const isIt = (each: { chain?: string }) => each.chain === row.chain;
          const change = <R extends object>(each: R) => {
            const value = (each as Record<string, unknown>)[field];
            return { ...each, [field]: typeof value === 'number' ? value + 1 : `${value}0` };
          };
          const live = ledger.live.map((line) => (isRow(line) && isIt(line) ? change(line) : line));
          const files = ledger.files.map((file) =>
            edited(file, (line: LedgerRow) => (isRow(line) && isIt(line) ? change(line) : line)),
          );

          const { status } = await check({ live: live as LedgerLine[], files });
          expect([index, field, status]).toEqual([index, field, 1]);
        },
      ),
      { numRuns: 60 },
    );
  });
});
