import { PassThrough, Readable, Writable } from 'node:stream';
import { runGate } from './gate';

const gateCase = (fields: Record<string, unknown> = {}) => ({
  policy: { id: 'p', version: 1, timezone: 'Asia/Shanghai' },
  contact: { contactId: 'c-1', channels: { sms: { reachable: true } } },
  touch: { touchId: 't-1', at: '2026-03-02T01:00:00Z', channel: 'sms', class: 'marketing' },
  holidays: {},
  ...fields,
});

async function run(
  chunks: readonly (string | Buffer)[],
): Promise<{ status: number; answers: Record<string, unknown>[] }> {
  const output = new PassThrough();
  let text = '';
  output.on('data', (piece: Buffer) => {
    text += piece.toString();
  });
  const status = await runGate(Readable.from(chunks), output);
  return {
    status,
    answers: text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

describe('sopflow gate', () => {
  it('answers every line in order, whether or not the last one ends', async () => {
    const blocked = gateCase({
      contact: { contactId: 'c-2' },
      name: 'x',
      expect: { verdict: 'pass' },
    });
    const { status, answers } = await run([
      `${JSON.stringify(gateCase())}\r\n\n  \n${JSON.stringify(blocked)}`,
    ]);
    expect(status).toBe(0);
    expect(answers.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['pass', undefined],
      ['suppressed', 'unreachable'],
    ]);
  });

  it('answers the other lines when some are malformed, and ends with status 1', async () => {
    const { policy } = gateCase();
    const wrong = gateCase({
      policy: {
        ...policy,
        caps: [{ id: 'c', limit: -1, window: { kind: 'calendar', unit: 'day' } }],
      },
    });
    const { status, answers } = await run([
      ['{"policy":', JSON.stringify(wrong), '[]', JSON.stringify(gateCase())].join('\n'),
    ]);
    expect(status).toBe(1);
    expect(answers).toEqual([
      { error: { path: '', message: expect.stringContaining('line 1 is not JSON') } },
      {
        error: {
          path: 'policy.caps[0].limit',
          message: '-1 is not allowed; allowed: a number >= 0',
        },
      },
      { error: { path: '', message: '[] is not allowed; allowed: a value of type object' } },
      expect.objectContaining({ verdict: 'pass' }),
    ]);
  });

  it('refuses a key that it does not know beside the case', async () => {
    const { status, answers } = await run([JSON.stringify(gateCase({ holiday: {} }))]);
    expect(status).toBe(1);
    expect(answers).toEqual([
      {
        error: {
          path: 'holiday',
          message: expect.stringContaining('unknown key; allowed: policy'),
        },
      },
    ]);
  });

  it('refuses a line nested beyond all reason without losing the next', async () => {
    const deep = `{"policy":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    const { status, answers } = await run([`${deep}\n${JSON.stringify(gateCase())}`]);
    expect(status).toBe(1);
    expect(answers.map(({ error, verdict }) => error ?? verdict)).toEqual([
      { path: '', message: 'nested too deep; allowed: 100 levels' },
      'pass',
    ]);
  });

  it('reads signs that are cut in two by the chunks, and line separators inside texts', async () => {
    const line = Buffer.from(JSON.stringify(gateCase({ name: '客户\u2028名' })));
    const { status, answers } = await run(Array.from(line, (byte) => Buffer.from([byte])));
    expect(status).toBe(0);
    expect(answers).toHaveLength(1);
  });

  it('waits for a slow reader instead of piling up answers', async () => {
    let waiting = 0;
    let most = 0;
    const output = new Writable({
      highWaterMark: 1024,
      write: (piece: Buffer, _encoding, done) => {
        waiting += piece.length;
        most = Math.max(most, waiting);
        setImmediate(() => {
          waiting -= piece.length;
          done();
        });
      },
    });
    const line = `${JSON.stringify(gateCase())}\n`;
    const status = await runGate(Readable.from([line.repeat(2000)]), output);
    expect(status).toBe(0);
    expect(most).toBeLessThan(200_000);
    expect(output.writableLength).toBeLessThan(200_000);
  });

  it('fails with the error of a stream that breaks', async () => {
    const broken = new Readable({ read: () => broken.destroy(new Error('the pipe broke')) });
    await expect(runGate(broken, new PassThrough())).rejects.toThrow('the pipe broke');
  });
});
