import { classify, WecomError } from './errors';

/** `1, 3-5` → 1, 3, 4, 5 */
const codesIn = (list: string): readonly number[] =>
  list.split(', ').flatMap((part) => {
    const [from = 0, to = from] = part.split(/(?<=\d)-/).map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });

describe('WeCom errors', () => {
  // Every row of the table of facts: a code that is a member's or the configuration's as well as a customer's waits (B/F: F).
  it.each([
    ['R', 'theirs', '-1, 6000, 45035, 41096'],
    ['T', 'ours', '40014, 42001'],
    ['Q', 'theirs', '45009, 45033, 45036, 41094, 41210'],
    ['W', 'theirs', '41063, 41079'],
    ['F', 'ours', '40001, 40013, 40091, 41001, 41002, 41004'],
    ['F', 'ours', '40003, 60111, 46004'],
    ['F', 'ours', '40035, 40058, 40063, 40033'],
    ['F', 'ours', '41037-41045, 41054'],
    ['F', 'ours', '41046, 41047'],
    ['F', 'ours', '41064, 41065'],
    ['F', 'ours', '41211, 41300-41305'],
    ['F', 'ours', '45029'],
    ['F', 'ours', '48001-48011'],
    ['F', 'ours', '50001, 50002, 50003, 50100'],
    ['F', 'ours', '60011, 60020, 60021, 60030, 60031, 81013, 301002, 40056'],
    ['F', 'ours', '81017'],
    ['F', 'ours', '84074, 84083'],
    ['F', 'ours', '90206-90208'],
    ['F', 'ours', '301042, 301048, 301052, 301053, 301058-301061'],
    ['F', 'ours', '701008'],
    ['B', 'message', '40007, 40145, 41072, 45001, 40006, 40009'],
    ['B', 'message', '40068, 40071, 41110, 41111, 40126, 40144'],
    ['B', 'message', '40096, 41035, 41056'],
    ['B', 'message', '40097-40100, 40128-40131, 40143, 40205'],
    ['B', 'message', '40201, 40204, 85002, 82004'],
    ['B', 'message', '41048'],
    ['B', 'message', '41050, 41051, 41053'],
    ['B', 'message', '41093'],
    ['B', 'message', '41095, 41098, 41200, 41201, 41202'],
    ['B', 'message', '84061, 84084'],
    ['B', 'message', '90500-90509'],
    // Not in that table, but met: a department list, a method, a length, maintenance.
    ['F', 'ours', '40066, 43001, 43002'],
    ['B', 'message', '45002'],
    ['R', 'theirs', '81026'],
  ])('are of class %s and %s: %s', (kind, fault, codes) => {
    for (const code of codesIn(codes))
      expect({ code, ...classify(code) }).toMatchObject({
        code,
        kind,
        fault,
        isFinal: kind === 'B',
        en: expect.not.stringContaining('unknown'),
      });
  });

  it('wait for a person when nobody knows the code', () => {
    expect(classify(999_999)).toMatchObject({ kind: 'F', fault: 'ours', isFinal: false });
  });

  it.each([
    [40066, 'department'],
    [40126, '3,000 tags'],
    [41098, 'another component'],
    [41110, 'tag'],
    [41200, 'limit'],
    [41201, 'limit'],
    [41305, 'mass template'],
    [60031, 'no API'],
  ])('say of %s what WeCom says: %s', (code, words) => {
    expect(classify(code).en).toContain(words);
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
