import { losersOfNumber } from './numberClaims';

const claim = (contactId: string, more: object = {}) => ({ contactId, ...more });
const [early, late] = ['2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z'];

describe('a number that several contacts name', () => {
  it('belongs to the claim that was heard last', () => {
    const claims = [claim('a', { phoneClaimedAt: early }), claim('b', { phoneClaimedAt: late })];
    expect(losersOfNumber(claims)).toEqual(['a']);
    expect(losersOfNumber([claim('old'), ...claims])).toEqual(['old', 'a']);
  });

  it('belongs to the account that was activated last, whichever was heard last', () => {
    expect(
      losersOfNumber([
        claim('a', { activatedAt: early, phoneClaimedAt: late }),
        claim('b', { activatedAt: late, phoneClaimedAt: early }),
      ]),
    ).toEqual(['a']);
  });

  it('is shared by claims of one instant, and by who says that it is shared', () => {
    const [a, b] = [claim('a', { phoneClaimedAt: early }), claim('b', { phoneClaimedAt: early })];
    expect(losersOfNumber([a, b])).toEqual([]);
    expect(losersOfNumber([claim('a'), claim('b')])).toEqual([]);
    const family = claim('c', { phoneClaimedAt: late, phoneShared: true });
    expect(losersOfNumber([a, family])).toEqual([]);
  });

  it('is taken by no second record of the same person', () => {
    const unionId = 'u-1';
    expect(
      losersOfNumber([claim('a', { unionId }), claim('b', { unionId, phoneClaimedAt: late })]),
    ).toEqual([]);
  });
});
