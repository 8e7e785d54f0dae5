import { entryRefusal } from './reentry';

const ended = { entry: 'new-friend/a', isRunning: false };
const going = { entry: 'new-friend/a', isRunning: true };

describe('whether a customer enters a sequence again', () => {
  it.each(['never', 'after-exit', 'always'] as const)('lets anybody in once: %s', (reentry) => {
    expect(entryRefusal(reentry, [], 'new-friend/b')).toBeNull();
  });

  it.each([
    ['never', ended, 'was-in-before'],
    ['never', going, 'was-in-before'],
    ['after-exit', ended, null],
    ['after-exit', going, 'is-in-now'],
    ['always', ended, null],
    ['always', going, null],
  ] as const)('%s, after %j: %s', (reentry, earlier, refusal) => {
    expect(entryRefusal(reentry, [earlier], 'new-friend/b')).toBe(refusal);
  });

  it.each(['never', 'after-exit', 'always'] as const)(
    'never begins two runs for one occasion: %s',
    (reentry) => {
      expect(entryRefusal(reentry, [ended], ended.entry)).toBe('same-occasion');
      expect(entryRefusal(reentry, [going], going.entry)).toBe('same-occasion');
    },
  );
});
