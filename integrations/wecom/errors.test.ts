import { classify, WecomError } from './errors';

describe('WeCom errors', () => {
  it.each([
    ['R', [-1, 6000, 45035, 41096, 81026]],
    ['T', [40014, 42001]],
    ['Q', [45009, 45033, 45036, 41094, 41210]],
    ['W', [41063, 41079]],
    [
      'B',
      [40096, 40068, 40201, 40204, 85002, 82004, 41048, 41050, 41051, 41053, 41093, 84061, 40145],
    ],
    [
      'F',
      [40001, 40013, 41001, 40058, 40063, 41046, 45029, 48002, 50100, 60020, 81013, 301002, 701008],
    ],
  ])('puts into class %s: %j', (kind, codes) => {
    expect(codes.map((code) => classify(code).kind)).toEqual(codes.map(() => kind));
  });

  it('gives a time to wait where WeCom counts in windows, and leaves the rest to pauses that grow', () => {
    expect(classify(45009).retryAfterMs).toBe(60_000);
    expect(classify(41096).retryAfterMs).toBeLessThan(1000);
    for (const code of [-1, 6000, 45033, 45035, 84061, 40001])
      expect(classify(code)).not.toHaveProperty('retryAfterMs');
  });

  it('takes nothing for final but what is about this message or this customer', () => {
    expect([84061, 41048, 40204].map((code) => classify(code).isFinal)).toEqual([true, true, true]);
    expect([40001, 60020, 45009, -1, 999_999].map((code) => classify(code).isFinal)).toEqual(
      Array.from({ length: 5 }, () => false),
    );
  });

  it('keeps the hint for support tickets and drops the rest of what WeCom said', () => {
    const said =
      'invalid token SECRET, hint: [1576065934_28_e0fa], from ip: 9.30.0.138, more info at https://open.work';
    const error = new WecomError('wecom POST /x', 42001, said);
    expect(error.hint).toBe('1576065934_28_e0fa');
    expect(error.message).toBe(
      'wecom POST /x: 42001 access token expired (access_token 已过期), hint 1576065934_28_e0fa',
    );
    expect(error).toMatchObject({
      name: 'CodedError',
      code: 'UNAVAILABLE',
      kind: 'T',
      errcode: 42001,
    });
  });

  it('is final by its code where its class is final', () => {
    expect(new WecomError('p', 84061, '').code).toBe('INVALID_INPUT');
    expect(new WecomError('p', 48002, '').code).toBe('UNAVAILABLE');
  });
});
