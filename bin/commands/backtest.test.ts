import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginningAt } from '../../rules/ledger/archive/beginning';
import { HOUR_MS } from '../../rules/time/durations';
import { createFakeApi, NOW } from '../../test/fakes/api';
import { aPassed } from '../../test/fakes/ledger';
import { recordOne } from '../../test/support/singles';
import { runBacktestCommand } from './backtest';

let folder: string;
let printed: { out: string; err: string };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sopflow-test-'));
  printed = { out: '', err: '' };
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.out += String(text);
    return true;
  });
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed.err += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const policy = (limit: number, more: object = {}) =>
  file(
    'policy.json',
    JSON.stringify({
      timezone: 'Asia/Shanghai',
      caps: [{ id: 'week', limit, window: { kind: 'rolling', hours: 168 }, onHit: 'suppress' }],
      ...more,
    }),
  );
const pass = (touchId: string, at: string) => aPassed(touchId, at, { revision: 1 });
const ledger = (...lines: string[]) =>
  file(
    'ledger.jsonl',
    [
      JSON.stringify(pass('a', '2026-03-02T02:00:00.000Z')),
      JSON.stringify(pass('b', '2026-03-03T02:00:00.000Z')),
      ...lines,
    ].join('\n'),
  );

describe('sopflow backtest over an exported ledger', () => {
  it('prints what would be gained and lost, in words of both languages', async () => {
    expect(
      await runBacktestCommand(['--policy', policy(1), '--days', '30', '--file', ledger()]),
    ).toBe(0);
    expect(printed.out).toContain('opportunities: 2');
    expect(printed.out).toContain('lost: 1');
    expect(printed.out).toMatch(/-1 客户 contacts, 1: yunfu sms - .*「week」.* cap "week"/);
  });

  it('passes over what an export says of rows that were archived', async () => {
    const end = { revision: 1, sequence: 1, chain: 'x', at: '2026-03-01T02:00:00.000Z' };
    const until = '2026-03-01T03:00:00.000Z';
    const begins = JSON.stringify(beginningAt(end, { contactId: '~c', until }));
    await runBacktestCommand(['--policy', policy(1), '--days', '30', '--file', ledger(begins)]);
    expect(printed.out).toContain('opportunities: 2');
  });

  it('prints all of it as JSON when asked', async () => {
    await runBacktestCommand(['--policy', policy(2), '--days', '30', '--file', ledger(), '--json']);
    expect(JSON.parse(printed.out)).toMatchObject({ opportunities: 2, kept: 2, groups: [] });
  });

  it.each(['not json', '{"kind":"decision"}', '{"kind":"settlement","contactId":1}'])(
    'names the line %s that is no row',
    async (line) => {
      expect(
        await runBacktestCommand(['--policy', policy(1), '--days', '3', '--file', ledger(line)]),
      ).toBe(2);
      expect(printed.err).toContain('ledger.jsonl:3 is no row of a ledger');
      expect(printed.out).toBe('');
    },
  );

  it('takes the table of holidays from a file', async () => {
    const rest = policy(9, {
      quietHours: [
        { id: 'rest', from: '00:00', to: '00:00', dayKinds: ['rest'], onHit: 'suppress' },
      ],
    });
    const holidays = file(
      'holidays.json',
      JSON.stringify({ days: { '2026-03-02': 'rest' }, names: {} }),
    );
    const args = [
      '--policy',
      rest,
      '--days',
      '9',
      '--file',
      ledger(),
      '--holidays',
      holidays,
      '--json',
    ];
    expect(await runBacktestCommand(args)).toBe(0);
    expect(JSON.parse(printed.out).groups).toMatchObject([
      { outcome: 'lost', rule: 'rest', opportunities: 1 },
    ]);
  });

  it.each([
    [['--days', '3'], '--policy is missing'],
    [['--policy', 'POLICY', '--days', '0'], 'is not allowed; allowed: 1 to 366'],
    [['--policy', 'POLICY', '--days', '3', '--holidays', 'x'], '--holidays goes with --file'],
    [['--policy', 'POLICY', '--days', '3', '--what'], '--what'],
  ])('refuses %j as no use of the command', async (args, words) => {
    const given = args.map((each) => (each === 'POLICY' ? policy(1) : each));
    await expect(runBacktestCommand(given)).rejects.toThrow(
      expect.objectContaining({ name: 'UsageError', message: expect.stringContaining(words) }),
    );
  });

  it('names what is wrong with the policy', async () => {
    expect(await runBacktestCommand(['--policy', policy(-1), '--days', '3'])).toBe(2);
    expect(printed.err).toContain('caps[0].limit: -1 is not allowed');
  });
});

describe('sopflow backtest of a running sopflow', () => {
  it('waits for the server to play its ledger, and prints what it found', async () => {
    const api = await createFakeApi();
    await api.stores.contacts.upsertMany([{ contactId: 'c-1', city: 'yunfu' }]);
    for (const hours of [1, 2])
      await recordOne(api.stores.touches, {
        ...pass(`t-${hours}`, new Date(NOW - hours * HOUR_MS).toISOString()),
        ...{ verdict: 'suppressed', reason: 'cap', rule: 'day', revision: 0 },
      });
    const server = api.app.listen(0);
    const before = { ...process.env };
    process.env.SOPFLOW_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    process.env.SOPFLOW_KEY = (await api.keyFor('ops')).replace('Bearer ', '');
    try {
      expect(await runBacktestCommand(['--policy', policy(1), '--days', '7'])).toBe(0);
      expect(printed.out).toContain('gained: 1');
      process.env.SOPFLOW_KEY = (await api.keyFor('viewer')).replace('Bearer ', '');
      expect(await runBacktestCommand(['--policy', policy(1), '--days', '7'])).toBe(2);
      expect(printed.err).toContain('403');
    } finally {
      process.env = before;
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    }
  });
});
