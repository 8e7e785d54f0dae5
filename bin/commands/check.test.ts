import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../embedded/usage';
import type { LedgerRow } from '../../rules/ledger/rows';
import { aPassed, aSettled, linked, PROVED_POLICY } from '../../test/fakes/ledger';
import { runCheck } from './check';

const T = (day: number, time = '02:00') =>
  `2026-03-${String(day).padStart(2, '0')}T${time}:00.000Z`;
const touch = (id: string, at: string, over: Parameters<typeof aPassed>[2] = {}): LedgerRow[] => [
  aPassed(id, at, over),
  aSettled(id, at),
];
const CLEAN = linked([
  ...touch('a', T(2)),
  ...touch('b', T(3)),
  ...touch('s', T(3), { class: 'service' }),
]);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-test-'));
  process.env.SOPFLOW_DATA = folder; // not the demo of whoever runs this
});
afterEach(() => {
  delete process.env.SOPFLOW_DATA;
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the command over a file and takes what it wrote. */
async function check(rows: readonly (LedgerRow | string)[], ...more: string[]) {
  const file = join(folder, 'ledger.jsonl');
  const policies = join(folder, 'policies.jsonl');
  writeFileSync(
    file,
    rows.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join(''),
  );
  const version = {
    kind: 'policies',
    id: 'default',
    version: 1,
    state: 'published',
    body: PROVED_POLICY,
    author: 'x',
    at: T(1),
  };
  writeFileSync(
    policies,
    `${JSON.stringify(version)}\n${JSON.stringify({ ...version, version: 2, state: 'draft' })}\n`,
  );
  const out: string[] = [];
  const words: string[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => words.push(String(text)) > 0);
  const status = await runCheck(['--file', file, '--policies', policies, ...more]);
  const found = out.map((line) => JSON.parse(line) as { kind: string; line?: number });
  return { status, found, kinds: found.map(({ kind }) => kind), words: words.join('') };
}

describe('sopflow check', () => {
  it('finds nothing in a clean ledger and exits 0', async () => {
    const { status, found, words } = await check(CLEAN);
    expect({ status, found }).toEqual({ status: 0, found: [] });
    expect(words).toContain('6 行 rows, 1 客户 contacts');
  });

  it('takes touches that gave way to a higher slot as they are, and counts that one alone', async () => {
    const to = { reason: 'yields-to', rule: 'month/high/2026-03-02/c-1' };
    const { status, found } = await check(
      linked([
        aPassed('low', T(2), { verdict: 'deferred', until: T(3), ...to }),
        aPassed('short', T(2), { verdict: 'suppressed', ...to }),
        ...touch('month/high/2026-03-02/c-1', T(2, '05:00')),
        ...touch('low', T(3, '06:00'), { attempt: 2 }),
      ]),
    );
    expect({ status, found }).toEqual({ status: 0, found: [] });
  });

  const planted: Record<string, readonly LedgerRow[]> = {
    'cap-exceeded': linked([...touch('a', T(2)), ...touch('b', T(3)), ...touch('c', T(4))]),
    'gap-cut': linked([...touch('a', T(2)), ...touch('b', T(2, '05:59'))]),
    'in-quiet-hours': linked(touch('a', T(2, '14:00'))),
    'in-dnd': linked(touch('a', T(2), { on: { dnd: [{}] } })),
    'without-consent': linked(touch('a', T(2), { on: { consent: 'refused' } })),
    'unreachable-or-blocked': linked(touch('a', T(2), { on: { blocked: true } })),
    'expired-delivery': linked([
      aPassed('a', T(2), { expiresAt: '2026-03-02T02:00:10.000Z' }),
      aSettled('a', '2026-03-02T02:00:20.000Z'),
    ]),
    'late-by-staff': linked([aPassed('a', T(2, '12:30')), aSettled('a', T(2, '13:30'))]),
    unsettled: linked([
      aPassed('a', T(2), { settleBy: T(3) }),
      ...touch('z', T(5), { contactId: 'c-2' }).map((row) => ({ ...row, contactId: 'c-2' })),
    ]),
    'delivered-without-reservation': linked([aSettled('ghost', T(2))]),
    'delivered-after-withdrawal': linked([
      aPassed('a', T(2)),
      aSettled('a', '2026-03-02T02:00:10.000Z', { settled: 'withdrawn' }),
      aSettled('a', '2026-03-02T02:00:20.000Z'),
    ]),
    'delivered-twice': linked([...touch('a', T(2)), aSettled('a', T(2))]),
    'unknown-policy': linked(touch('a', T(2), { policy: 'default@9' })),
    'hole-in-revisions': [...CLEAN.slice(0, 1), ...CLEAN.slice(2)],
    'broken-chain': CLEAN.map(
      (row, i) => (i === 0 ? { ...row, city: 'qingyuan' } : row) as LedgerRow,
    ),
  };
  it.each(Object.keys(planted))('finds %s and exits 1', async (kind) => {
    const { status, kinds, words } = await check(planted[kind] ?? []);
    expect(kinds).toContain(kind);
    expect(status).toBe(1);
    expect(words).toContain(kind);
  });

  it('names the line that is no row of a ledger', async () => {
    const { status, found } = await check([
      ...CLEAN.slice(0, 2),
      '{"kind":"decision"}',
      'not json',
      ...CLEAN.slice(2),
    ]);
    expect(found).toEqual([
      { kind: 'malformed', line: 3, detail: expect.stringContaining('touchId') },
      { kind: 'malformed', line: 4, detail: expect.stringContaining('not JSON') },
    ]);
    expect(status).toBe(1);
  });

  it('counts a row whose zone is unknown as malformed, never as proved', async () => {
    const { kinds } = await check(
      linked(touch('a', T(2, '14:00'), { on: { timezone: 'Mars/Olympus' } })),
    );
    expect(kinds).toContain('malformed');
  });

  it('takes a draft for no policy', async () => {
    expect((await check(linked(touch('a', T(2), { policy: 'default@2' })))).kinds).toContain(
      'unknown-policy',
    );
  });

  it('tells only violations in the time asked, and still counts what came before', async () => {
    const rows = planted['cap-exceeded'] ?? [];
    expect(await check(rows, '--since', T(4, '00:00'))).toMatchObject({
      status: 1,
      kinds: ['cap-exceeded'],
    });
    expect(await check(rows, '--until', T(4, '00:00'))).toMatchObject({ status: 0, kinds: [] });
  });

  it('proves one contact alone when asked', async () => {
    const rows = planted['gap-cut'] ?? [];
    expect((await check(rows, '--contact', 'c-1')).status).toBe(1);
    expect((await check(rows, '--contact', 'c-2')).status).toBe(0);
  });

  it.each([[['--sinc', 'x']], [['--since', 'yesterday']], [['stray']]])(
    'refuses %j as no use of the command',
    async (args) => {
      await expect(check(CLEAN, ...args)).rejects.toThrow(UsageError);
    },
  );

  it('exits 2, not 0, when the file cannot be read', async () => {
    expect((await check(CLEAN, '--file', join(folder, 'absent.jsonl'))).status).toBe(2);
  });
});
