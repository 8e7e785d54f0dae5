import { createHmac } from 'node:crypto';
import { ledgerKey, linkOf } from './chain';

const ROW = {
  b: [1, { c: null, a: 'x"y\n', chain: 'inner' }, null],
  a: '甲',
  chain: 'own',
  g: {},
  n: 1.5,
  t: true,
};

describe('the link of a row', () => {
  it('never changes: ledgers that were written once must be provable for good', () => {
    expect(linkOf('abc', ROW)).toBe(
      'c972b120ad135bbdae04e9065a7af8fbe165030b16f995529c7ce1f3863e9f1d',
    );
  });

  it('depends neither on the order of fields nor on absent ones nor on the link itself', () => {
    const { b, a, ...rest } = ROW;
    expect(linkOf('abc', { ...rest, chain: 'other', absent: undefined, empty: null, a, b })).toBe(
      linkOf('abc', ROW),
    );
  });

  it('changes with the row before it and with any part of its own', () => {
    const links = [
      linkOf('abc', ROW),
      linkOf('abd', ROW),
      linkOf('abc', { ...ROW, n: 1.6 }),
      linkOf('abc', { ...ROW, b: [1, { a: 'x', chain: 'changed' }] }),
    ];
    expect(new Set(links).size).toBe(4);
  });

  it('is made with the key where there is one, the same way every time', () => {
    const key = ledgerKey('k1', '甲 secret');
    const text = 'abc\n{"a":1}';
    const expected = createHmac('sha256', '甲 secret').update(text).digest('hex');
    expect([linkOf('abc', { a: 1 }, key), linkOf('abc', { a: 1 }, key)]).toEqual([
      expected,
      expected,
    ]);
    expect(linkOf('abc', { a: 1 }, ledgerKey('k1', 'another'))).not.toBe(expected);
  });
});
