import { holdoutReport } from '../ledger/holdoutReport';
import { holdoutWords } from './holdout';

const words = (treated: readonly [number, number], heldOut: readonly [number, number]) => {
  const arm = ([conversions, contacts]: readonly [number, number]) => ({ conversions, contacts });
  const report = holdoutReport(arm(treated), arm(heldOut));
  return [holdoutWords(report, 'en'), holdoutWords(report, 'zh-CN')];
};

describe('the holdout report in words', () => {
  it('says how much more converted, and that it is no chance', () => {
    expect(words([900, 9000], [50, 1000])).toEqual([
      'treated 900/9000 (10.0%), held out 50/1000 (5.0%): +5.0 (+3.4 … +6.3) points at 95% confidence, a real difference',
      '触达组 900/9000 (10.0%)，对照组 50/1000 (5.0%)：相差 +5.0 (+3.4 … +6.3) 个百分点（95% 置信区间），差异显著',
    ]);
  });

  it('says when it may be chance, and when less converted', () => {
    const [en, zh] = words([5, 100], [1, 10]);
    expect(en).toContain('−5.0 (');
    expect(en).toContain('which may be chance');
    expect(zh).toContain('可能只是偶然');
  });

  it('does not compare with an empty arm', () => {
    expect(words([5, 100], [0, 0])).toEqual([
      'treated 5/100 (5.0%), held out 0/0: nothing to compare',
      '触达组 5/100 (5.0%)，对照组 0/0：缺少一组，无法比较',
    ]);
  });
});
