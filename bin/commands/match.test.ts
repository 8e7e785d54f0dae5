import { PassThrough, Readable } from 'node:stream';
import { runMatch } from './match';

async function run(cases: readonly unknown[]): Promise<{ status: number; answers: unknown[] }> {
  const output = new PassThrough();
  let text = '';
  output.on('data', (piece: Buffer) => {
    text += piece.toString();
  });

  const status = await runMatch(
    Readable.from(cases.map((one) => `${JSON.stringify(one)}\n`)),
    output,
  );
  return {
    status,
    answers: text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown),
  };
}

describe('sopflow match', () => {
  it('prints true or false a line', async () => {
    const { status, answers } = await run([
      { condition: { a: { $gte: 1 } }, value: { a: 1 }, name: 'x', expect: true },
      { condition: { a: 2 }, value: { a: 1 } },
      { condition: {}, value: {} },
    ]);
    expect([status, answers]).toEqual([0, [true, false, true]]);
  });

  it('keeps the nulls of condition and value', async () => {
    const { answers } = await run([
      { condition: { a: null }, value: { a: 1 } },
      { condition: { a: { $exists: true } }, value: { a: null } },
    ]);
    expect(answers).toEqual([false, true]);
  });

  it('answers the other lines when some are malformed, with place, value and what is allowed', async () => {
    const { status, answers } = await run([
      { condition: { $or: [{ 'plan.fee': { $regex: '^5' } }] }, value: {} },
      { condition: { $where: 'process.exit()' }, value: {} },
      { value: {} },
      { condition: {}, value: 5 },
      { condition: {}, value: {}, extra: 1 },
      { condition: {}, value: {} },
    ]);
    expect(status).toBe(1);
    expect(answers).toEqual([
      {
        error: {
          path: 'condition.$or[0].plan.fee.$regex',
          message: expect.stringMatching(/^"\^5" is not allowed; allowed: \$eq, \$ne/),
        },
      },
      { error: { path: 'condition.$where', message: expect.stringContaining('$and, $or, $nor') } },
      { error: { path: 'condition', message: expect.stringContaining('missing') } },
      { error: { path: 'value', message: expect.stringContaining('5 is not allowed') } },
      { error: { path: 'extra', message: expect.stringContaining('unknown key') } },
      true,
    ]);
  });
});
