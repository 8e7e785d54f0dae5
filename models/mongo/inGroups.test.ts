// What is asked at once is one call, in the order in which it was asked, and each caller is answered for its own.

import { inGroups } from './inGroups';

function aWriter() {
  const writes: (readonly string[])[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const add = inGroups<string, string>((items) => {
    writes.push([...items]);
    return new Promise((resolve, reject) => {
      ends.push((error) => (error ? reject(error) : resolve(items.map((item) => `${item}!`))));
    });
  });
  const settle = () => new Promise(setImmediate);
  return { add, writes, ends, settle };
}

test('what is given while a write is under way goes into the next one together', async () => {
  const { add, writes, ends, settle } = aWriter();
  const first = add(['a']);
  await settle();
  const others = [add(['b']), add(['c', 'd'])];
  await settle();
  expect(writes).toEqual([['a']]);

  ends[0]?.();
  expect(await first).toEqual(['a!']);
  await settle();
  expect(writes).toEqual([['a'], ['b', 'c', 'd']]);
  ends[1]?.();
  expect(await Promise.all(others)).toEqual([['b!'], ['c!', 'd!']]);
});

test('a write that fails fails those whose items it holds, and nobody else', async () => {
  const { add, ends, settle } = aWriter();
  const first = add(['a']);
  await settle();
  const second = add(['b']);
  ends[0]?.(new Error('away'));
  await expect(first).rejects.toThrow('away');
  await settle();
  ends[1]?.();
  await expect(second).resolves.toEqual(['b!']);
});

test('nobody is answered before what he gave is written', async () => {
  const { add, ends, settle } = aWriter();
  let isAnswered = false;
  const given = add(['a']).then(() => {
    isAnswered = true;
  });
  await settle();
  expect(isAnswered).toBe(false);
  ends[0]?.();
  await given;
  expect(isAnswered).toBe(true);
});
