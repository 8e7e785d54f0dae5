import { readArgs, showUsage, UsageAsked, UsageError } from './usage';

const options = { json: { type: 'boolean' }, day: { type: 'string' } } as const;

test('options and words come in any order', () => {
  expect(readArgs(['c-1', '--day', '1', '--json'], { options, words: ['contactId'] })).toEqual({
    values: { day: '1', json: true },
    words: ['c-1'],
  });
});

test.each([
  ['an unknown option', ['--bogus'], '--bogus'],
  ['an option without its value', ['--day'], '--day'],
  ['a value where none belongs', ['--json=yes'], '--json'],
  ['a missing word', [], '<contactId>'],
  ['a word too much', ['c-1', 'c-2'], '"c-2"'],
])('%s is named', (_, args, named) => {
  expect(() => readArgs(args, { options, words: ['contactId'] })).toThrow(named);
});

test('a question is answered with the usage alone, a mistake with what was wrong, and other errors are left alone', () => {
  const shown = (error: unknown) => {
    let text = '';
    return [showUsage(error, 'x [--day]', { write: (more) => (text += more) }), text];
  };
  expect(shown(new UsageAsked())).toEqual([0, '用法 usage: x [--day]\n']);
  expect(shown(new UsageError('no'))).toEqual([2, 'no\n用法 usage: x [--day]\n']);
  expect(shown(new Error('broken'))).toEqual([null, '']);
});

test('help is asked for wherever it stands', () => {
  for (const args of [['--help'], ['c-1', '-h'], ['--bogus', '--help']])
    expect(() => readArgs(args, { options })).toThrow(UsageAsked);
});
