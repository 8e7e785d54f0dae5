import { WecomError } from './errors';
import { createTokenSource } from './token';

const LIFE_MS = 7_200_000;

/** A source over a clock that stands still until told; tokens are numbered. */
function aSource(answer: (n: number) => string = (n) => `token-${n}`) {
  const clock = { ms: 0, now: () => clock.ms };
  const fetched = { count: 0 };
  const source = createTokenSource(async () => {
    fetched.count++;
    await Promise.resolve();
    return { token: answer(fetched.count), expiresInMs: LIFE_MS };
  }, clock);
  return { source, clock, fetched };
}

describe('the access token', () => {
  it('is fetched once for fifty callers at a time', async () => {
    const { source, fetched } = aSource();
    const tokens = await Promise.all(Array.from({ length: 50 }, () => source.current()));
    expect(new Set(tokens)).toEqual(new Set(['token-1']));
    expect(fetched.count).toBe(1);
  });

  it('is kept until four fifths of its life, then renewed', async () => {
    const { source, clock } = aSource();
    await source.current();
    clock.ms = LIFE_MS * 0.8 - 1;
    expect(await source.current()).toBe('token-1');
    clock.ms = LIFE_MS * 0.8;
    expect(await source.current()).toBe('token-2');
  });

  it('is renewed once for fifty callers that met the same dead one', async () => {
    const { source, fetched } = aSource();
    const stale = await source.current();
    const early = await Promise.all(Array.from({ length: 25 }, () => source.renew(stale)));
    const late = await Promise.all(Array.from({ length: 25 }, () => source.renew(stale)));
    expect(new Set([...early, ...late])).toEqual(new Set(['token-2']));
    expect(fetched.count).toBe(2);
  });

  it('is not asked for again within a minute of a refused secret', async () => {
    const { source, clock, fetched } = aSource(() => {
      throw new WecomError('gettoken', 40001, 'invalid credential');
    });
    for (let call = 0; call < 20; call++)
      await expect(source.current()).rejects.toMatchObject({ errcode: 40001 });
    expect(fetched.count).toBe(1);
    clock.ms = 60_000;
    await expect(source.current()).rejects.toMatchObject({ errcode: 40001 });
    expect(fetched.count).toBe(2);
  });

  it('is asked for once by twenty callers that meet a refused one after another', async () => {
    const { source, clock, fetched } = aSource();
    await source.current();
    const given = [];
    for (let caller = 0; caller < 20; caller++) {
      given.push(await source.renew(await source.current()));
      clock.ms += 400;
    }
    expect(given).toEqual(['token-2', ...Array.from({ length: 19 }, () => null)]);
    expect(fetched.count).toBe(2);

    clock.ms += 10_000;
    expect(await source.renew('token-2')).toBe('token-3');
  });

  it('is not asked for again by each caller when WeCom gives the dead one again', async () => {
    const { source, fetched } = aSource(() => 'the same');
    await source.current();
    for (let caller = 0; caller < 20; caller++) await source.renew('the same');
    expect(fetched.count).toBe(2);
  });

  it('is asked for again at once after a failure that passes', async () => {
    const { source } = aSource((n) => {
      if (n === 1) throw new WecomError('gettoken', -1, 'system busy');
      return 'token';
    });
    await expect(source.current()).rejects.toMatchObject({ errcode: -1 });
    expect(await source.current()).toBe('token');
  });
});
