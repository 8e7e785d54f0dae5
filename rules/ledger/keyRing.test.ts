import { LEDGER_KEYS, readKeyRing } from './keyRing';

const TEXT = '2025:the-secret-of-last-year,2026:the-secret-of-this-year';

describe('the keys of a ledger', () => {
  it('sign with the last one, or the one that is named, and verify with all', () => {
    const { keys, current } = readKeyRing(TEXT);
    expect([...keys.keys()]).toEqual(['2025', '2026']);
    expect(current?.id).toBe('2026');
    expect(readKeyRing(TEXT, '2025').current?.id).toBe('2025');
    expect(readKeyRing(undefined)).toMatchObject({ keys: new Map(), current: undefined });
  });

  it('refuse to sign with one that is not there, without a word of a secret', () => {
    expect(() => readKeyRing(TEXT, '2024')).toThrow('no ledger key "2024"; allowed: 2025, 2026');
    expect(() => readKeyRing(undefined, 'a')).toThrow('no keys are given');
  });

  it.each([
    'short:secret',
    'no-secret',
    'a:b:the-secret-of-this-year',
    'id:with spaces in its secret',
  ])('are not "%s"', (text) => expect(LEDGER_KEYS.test(text)).toBe(false));

  it('are written as ids and secrets', () => expect(LEDGER_KEYS.test(TEXT)).toBe(true));
});
