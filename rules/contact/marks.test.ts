import { marksOf } from './marks';

describe('the marks of a touch', () => {
  it('are its category, campaign, product and member, and nothing else of it', () => {
    const touch = { touchId: 't-1', channel: 'sms', category: 'bill', staffId: 's-1' };
    expect(marksOf(touch)).toEqual({ category: 'bill', staffId: 's-1' });
  });

  it('leave out what is not known, so that nothing unknown is stored', () => {
    expect(Object.keys(marksOf({ category: 'bill', product: undefined }))).toEqual(['category']);
  });
});
