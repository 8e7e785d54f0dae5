import fc from 'fast-check';
import { channelPace, slowestOf } from './channelPace';

describe('the pace of a channel', () => {
  it('is that of its pages times their size, whatever the rate', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 5000, noNaN: true }), (perSecond) => {
        const { pageSize, pagesPerSecond } = channelPace('q', 'sms', perSecond);
        expect(pageSize).toBeGreaterThanOrEqual(1);
        expect(pageSize).toBeLessThanOrEqual(500);
        expect(pageSize * pagesPerSecond).toBeCloseTo(perSecond);
      }),
    );
  });

  it('has pages of ten seconds, and at most of what a store reads at once', () => {
    expect(channelPace('q', 'sms', 20)).toMatchObject({ pageSize: 200, pagesPerSecond: 0.1 });
    expect(channelPace('q', 'sms', 1000)).toMatchObject({ pageSize: 500, pagesPerSecond: 2 });
    expect(channelPace('q', 'sms', 0.1)).toMatchObject({ pageSize: 1, pagesPerSecond: 0.1 });
  });

  it('has a task queue of its own in each deployment', () => {
    expect(channelPace('sopflow-test', 'wecom', 5).queue).toBe('sopflow-test-wecom');
  });

  it('is that of the slowest channel of a slot', () => {
    const paces = new Map([
      ['sms', channelPace('q', 'sms', 20)],
      ['wecom', channelPace('q', 'wecom', 5)],
    ]);
    expect(slowestOf(['sms', 'wecom'], paces)?.queue).toBe('q-wecom');
    expect(slowestOf(['call', 'sms'], paces)?.queue).toBe('q-sms');
    expect(slowestOf(['call'], paces)).toBeUndefined();
  });
});
