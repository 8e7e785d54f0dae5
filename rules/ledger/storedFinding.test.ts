import fc from 'fast-check';
import { gateCases } from '../../test/gate/cases';
import { detailOf, type RuleFinding } from '../gate/finding';
import { decide, preparePolicy } from '../gate/gate';
import { storedFinding } from './storedFinding';

describe('the finding of a stored line', () => {
  it.each<readonly [string, RuleFinding]>([
    ['reachable', { kind: 'unreachable', reachable: true }],
    ['not reachable on sms', { kind: 'unreachable', reachable: false, channel: 'sms' }],
    ['no block', { kind: 'blocked', block: null }],
    ['blocked on *', { kind: 'blocked', block: { channel: '*' } }],
    [
      'blocked on sms: complaint: on 1 March',
      { kind: 'blocked', block: { channel: 'sms', reason: 'complaint: on 1 March' } },
    ],
    ['blocked on sms: ', { kind: 'blocked', block: { channel: 'sms', reason: '' } }],
    ['unknown, needs not-refused', { kind: 'consent', given: 'unknown', need: 'not-refused' }],
    ['from always until further notice', { kind: 'dnd' }],
    [
      'from 2026-03-01T00:00:00Z until 2026-03-02T03:00:00Z',
      { kind: 'dnd', from: '2026-03-01T00:00:00Z', until: '2026-03-02T03:00:00Z' },
    ],
    ['21:00-09:00', { kind: 'quiet-hours', from: '21:00', to: '09:00' }],
    [
      '21:00-09:00, by weekends alone: no holidays announced for 2027',
      { kind: 'quiet-hours', from: '21:00', to: '09:00', unannounced: 2027 },
    ],
    ['none counted', { kind: 'gap', latest: null }],
    [
      '0.25 h after 2026-03-01T21:00:00.000Z',
      { kind: 'gap', hours: 0.25, latest: '2026-03-01T21:00:00.000Z' },
    ],
    [
      '4 h after 2026-03-01T21:00:00.000Z, the deadline of an open touch',
      { kind: 'gap', hours: 4, latest: '2026-03-01T21:00:00.000Z', open: true },
    ],
    [
      '3 of 2 since 2026-02-23T02:00:00.000Z',
      { kind: 'cap', counted: 3, limit: 2, since: '2026-02-23T02:00:00.000Z' },
    ],
    [
      'not in the 2.5% by campaign',
      { kind: 'holdout', isHeldOut: false, percent: 2.5, by: 'campaign' },
    ],
  ])('is read from %p', (detail, finding) => {
    expect(storedFinding({ kind: finding.kind, detail })).toEqual(finding);
    expect(detailOf(finding)).toBe(detail);
  });

  it.each([
    ['unreachable', 'no phone'],
    ['blocked', 'complaint'],
    ['consent', 'maybe, needs granted'],
    ['dnd', 'for good'],
    ['quiet-hours', 'at night'],
    ['gap', 'some h after 2026-03-01T21:00:00.000Z'],
    ['gap', '4 h after 2026-03-01T21:00:00.000Z, or so'],
    ['cap', '2 of 2'],
    ['cap', '02 of 2 since 2026-02-23T02:00:00.000Z'],
    ['holdout', 'in the 5% by city'],
  ] as const)('of %s is unknown for %p', (kind, detail) => {
    expect(storedFinding({ kind, detail })).toBeNull();
  });

  it('is known for every line that the gate writes', () => {
    fc.assert(
      fc.property(gateCases, ({ policy, contact, touch, holidays }) => {
        for (const line of decide(preparePolicy(policy, holidays), contact, touch).explain) {
          const finding = storedFinding(line);
          expect(finding).toMatchObject({ kind: line.kind });
          expect(finding && detailOf(finding)).toBe(line.detail);
        }
      }),
      { seed: 43, numRuns: 1000 },
    );
  });
});
