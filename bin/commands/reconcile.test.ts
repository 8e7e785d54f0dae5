import { UsageError } from '../../embedded/usage';
import type { BookReport, PartReport } from '../../rules/ledger/bookReport';
import { runReconcile } from './reconcile';

const part = (fields: Partial<PartReport>): PartReport => ({
  pages: 1,
  looked: 200,
  found: {},
  state: 'done',
  ...fields,
});
const aReport = (parts: BookReport['parts'], endedAt?: string): BookReport => ({
  reportId: 'r-1',
  flow: 'reconcile',
  from: '2026-03-01T00:00:00.000Z',
  to: '2026-03-02T00:00:00.000Z',
  startedAt: '2026-03-02T01:00:00.000Z',
  ...(endedAt !== undefined && { endedAt }),
  parts,
});

/** The API's answers, one a look; the last stays. */
async function run(args: readonly string[], looks: readonly (BookReport | null)[]) {
  const asked: unknown[] = [];
  const text = { output: '', progress: '' };
  let looked = 0;
  const status = await runReconcile(args, {
    remote: () => ({
      async fetch(_, init) {
        if (init?.method === 'POST') {
          asked.push(JSON.parse(String(init.body)));
          return Response.json({ reportId: 'r-1' });
        }
        const report = looks[Math.min(looked++, looks.length - 1)];
        return Response.json({ items: report ? [report] : [] });
      },
    }),
    output: { write: (more) => (text.output += more) },
    progress: { write: (more) => (text.progress += more) },
    pause: async () => {},
  });
  return { status, asked, ...text };
}

const ended = aReport(
  {
    'mass-sends': part({ found: { 'delivery-learnt': 3 } }),
    sms: part({ pages: 2, looked: 207 }),
  },
  '2026-03-02T01:05:00.000Z',
);

describe('sopflow reconcile', () => {
  it('begins one, shows each page, and prints what was found', async () => {
    const reading = aReport({
      'mass-sends': part({ found: { 'delivery-learnt': 3 } }),
      sms: part({ state: 'running' }),
    });
    const { status, asked, output, progress } = await run(
      ['--days', '7'],
      [null, reading, reading, ended],
    );
    expect(asked).toEqual([{ days: 7 }]);
    expect(status).toBe(0);
    expect(progress).toBe(
      '短信回执与上行 SMS receipts and answers: 200 条 records, 1 页 pages, 进行中 running\n',
    );
    expect(output.split('\n')).toEqual([
      '对账区间 span: 2026-03-01T00:00:00.000Z – 2026-03-02T00:00:00.000Z',
      '群发结果 mass sends: 200 条 records, 1 页 pages, 完成 done',
      '  补记送达 deliveries learnt late: 3',
      '短信回执与上行 SMS receipts and answers: 207 条 records, 2 页 pages, 完成 done',
      '',
    ]);
  });

  it('asks for a span, or only for what the latest found', async () => {
    const span = { from: '2026-03-01', to: '2026-03-02' };
    expect((await run(['--from', span.from, '--to', span.to], [ended])).asked).toEqual([span]);
    const last = await run(['--last'], [ended]);
    expect(last.asked).toEqual([]);
    expect(last.output).toContain('补记送达');
  });

  it('says so when a system could not be read, and when no worker takes it up', async () => {
    const failed = aReport({ crm: part({ state: 'failed', failure: 'UNAVAILABLE' }) }, 'now');
    const { status, output } = await run([], [failed]);
    expect(status).toBe(1);
    expect(output).toContain('未完成 failed: UNAVAILABLE');
    await expect(run([], [null])).rejects.toThrow('does a worker run?');
    await expect(run(['--days', 'x'], [null])).rejects.toThrow(UsageError);
  });
});
