import fc from 'fast-check';
import {
  formatSettlementReason,
  parseSettlementReason,
  type SettlementReason,
} from './settlementReason';

describe('the reason of a settlement', () => {
  it.each<readonly [string, SettlementReason]>([
    ['unconfirmed', { kind: 'unconfirmed' }],
    ['withdrawn', { kind: 'withdrawn' }],
    ['withdrawn:irrelevant:bill-open', { kind: 'withdrawn', rule: 'irrelevant:bill-open' }],
    ['not-stopped:consent', { kind: 'not-stopped', rule: 'consent' }],
    ['not-a-friend', { kind: 'not-a-friend' }],
    ['platform-cap', { kind: 'platform-cap' }],
    ['refused:NO_PHONE', { kind: 'refused', code: 'NO_PHONE' }],
    ['refused:DB:0141', { kind: 'refused', code: 'DB:0141' }],
    ['sms:MBBLACK', { kind: 'sms', code: 'MBBLACK' }],
    ['call:not-reached', { kind: 'call', outcome: 'not-reached' }],
    ['template:product.name', { kind: 'template', place: 'product.name' }],
    ['held:night', { kind: 'held', rule: 'night' }],
    ['held:cap:week', { kind: 'held', rule: 'cap:week' }],
    ['reaped:never-sent', { kind: 'reaped', found: 'never-sent' }],
    ['reconciled', { kind: 'reconciled' }],
    ['reconciled:not-a-friend', { kind: 'reconciled', found: 'not-a-friend' }],
    ['released', { kind: 'other', reason: 'released' }],
    ['refused', { kind: 'other', reason: 'refused' }],
    ['quota:city/hz', { kind: 'other', reason: 'quota', named: 'city/hz' }],
    ['', { kind: 'other', reason: '' }],
  ])('of %p is read and written', (why, reason) => {
    expect(parseSettlementReason(why)).toEqual(reason);
    expect(formatSettlementReason(reason)).toBe(why);
  });

  it('is written back as it was read, whatever it is', () => {
    const words = fc.constantFrom(
      'refused',
      'held',
      'reconciled',
      'sms',
      'call',
      'template',
      'withdrawn',
      ':',
    );
    const whys = fc.array(fc.oneof(words, fc.string()), { maxLength: 4 });
    fc.assert(
      fc.property(whys, (parts) => {
        const why = parts.join('');
        expect(formatSettlementReason(parseSettlementReason(why))).toBe(why);
      }),
      { seed: 44, numRuns: 500 },
    );
  });
});
