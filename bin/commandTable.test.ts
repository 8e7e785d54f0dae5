import { COMMANDS, runCommand } from './commandTable';

async function typed(...words: readonly string[]) {
  let said = '';
  const status = await runCommand(words, { write: (text) => (said += text) });
  return { status, said };
}

describe.each(Object.keys(COMMANDS))('sopflow %s', (name) => {
  const usage = `用法 usage: sopflow ${COMMANDS[name]?.usage}\n`;

  it('says how it is used when it is asked', async () => {
    expect(await typed(name, '--help')).toEqual({ status: 0, said: usage });
  });

  it.each([
    ['an option that it does not know', ['--bogus']],
    ['words that it does not know', ['a', 'b', 'c', 'd']],
  ])('does nothing with %s, and says how it is used', async (_, words) => {
    const { status, said } = await typed(name, ...words);
    expect(status).toBe(2);
    expect(said).toContain(words.at(-1) === 'd' ? '"' : '--bogus');
    expect(said.endsWith(usage)).toBe(true);
  });
});

test('a command that does not exist is answered with those that do', async () => {
  const { status, said } = await typed('statsu', '--json');
  expect(status).toBe(2);
  expect(said).toContain('"statsu"');
  for (const { usage } of Object.values(COMMANDS)) expect(said).toContain(`sopflow ${usage}\n`);
});

test('no command at all is a question', async () => {
  expect((await typed()).status).toBe(0);
  expect((await typed('--help')).said).toContain('sopflow status');
});
