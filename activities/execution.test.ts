import { executionOf } from './execution';

const aContext = (attempt: number, cancelled = false) => ({
  info: { attempt, startToCloseTimeoutMs: 60_000 },
  cancellationSignal: cancelled ? AbortSignal.abort() : new AbortController().signal,
});

describe('an execution of an activity', () => {
  let now = 0;
  beforeEach(() => {
    now = 1_000;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => jest.restoreAllMocks());

  it('is a repeat from the second attempt on', () => {
    expect([1, 2, 3].map((attempt) => executionOf(aContext(attempt)).isRepeat)).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('is over so long before its time-out that a call begun before has ended by then', () => {
    const execution = executionOf(aContext(1));
    now += 39_999;
    expect(execution.isOver()).toBe(false);
    now += 1;
    expect(execution.isOver()).toBe(true);
  });

  it('is over once it is cancelled', () => {
    expect(executionOf(aContext(1, true)).isOver()).toBe(true);
  });
});
