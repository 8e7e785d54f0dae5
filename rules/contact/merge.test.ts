import fc from 'fast-check';
import type { Profile } from './contact';
import { joined, retired, separated } from './merge';

const AT = '2026-03-02T00:00:00.000Z';
const friend = { staffId: 's-1', externalUserId: 'wm-1', state: 'friend', addedAt: AT } as const;
const known: Profile = {
  contactId: 'c-1',
  city: 'guangzhou',
  phone: '+8613800001234',
  facts: { balanceFen: 5, lastSpokeAt: '2026-03-01T00:00:00.000Z' },
  consents: { sms: { marketing: 'granted' } },
  channels: { sms: { reachable: true }, call: { reachable: true } },
};
const stranger: Profile = {
  contactId: 'wx-wm-1',
  city: 'unassigned',
  unionId: 'u-1',
  relations: [friend],
  facts: { lastSpokeAt: AT },
  consents: { sms: { marketing: 'refused' }, wecom: { marketing: 'refused' } },
  blocks: [{ channel: 'sms', reason: 'complaint' }],
  personalisation: false,
  channels: { wecom: { reachable: true } },
};

describe('two records of one person', () => {
  it('are one afterwards: friends, names and facts together, of consents the stricter', () => {
    expect(joined(known, stranger)).toEqual({
      contactId: 'c-1',
      city: 'guangzhou',
      phone: known.phone,
      unionId: 'u-1',
      relations: [friend],
      facts: { balanceFen: 5, lastSpokeAt: AT },
      consents: { sms: { marketing: 'refused' }, wecom: { marketing: 'refused' } },
      blocks: stranger.blocks,
      personalisation: false,
      channels: { ...known.channels, wecom: { reachable: true } },
      mergedFrom: [{ contactId: 'wx-wm-1', took: ['unionId'] }],
    });
  });

  it('leave of the other its id; a number that the first cannot take is kept as one more', () => {
    const other = { ...stranger, phone: '+8613900001234' };
    const into = joined(known, other);
    expect(into.mergedFrom).toEqual([
      { contactId: 'wx-wm-1', took: ['unionId'], phone: other.phone },
    ]);
    expect(retired(other, into)).toEqual({
      contactId: 'wx-wm-1',
      city: 'unassigned',
      blocks: [{ channel: '*', reason: 'merged' }],
      mergedInto: 'c-1',
      beforeMerge: other,
    });
  });

  it('may be told twice to be one', () => {
    const once = joined(known, stranger);
    expect(joined(once, stranger)).toEqual(once);
  });

  it('are two again after a split, and what was refused holds for both', () => {
    const into = joined(known, stranger);
    const later = {
      ...into,
      consents: { ...into.consents, call: { marketing: 'refused' as const } },
    };
    const { into: first, from: second } = separated(later, retired(stranger, into));

    expect(first).toMatchObject({ phone: known.phone, relations: [], apart: ['wx-wm-1'] });
    expect(first).not.toHaveProperty('unionId');
    expect(first).not.toHaveProperty('mergedFrom');
    expect(second).toMatchObject({ unionId: 'u-1', relations: [friend], apart: ['c-1'] });
    expect(second).not.toHaveProperty('mergedInto');
    for (const each of [first, second])
      expect(each.consents).toMatchObject({
        sms: { marketing: 'refused' },
        call: { marketing: 'refused' },
      });
  });

  it('never lose a refusal, in whichever direction they are merged', () => {
    const state = fc.constantFrom('granted', 'refused', 'unknown');
    const consents = fc.record(
      {
        sms: fc.record({ marketing: state, service: state }, { requiredKeys: [] }),
        wecom: fc.record({ marketing: state }, { requiredKeys: [] }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(consents, consents, (a, b) => {
        const [first, second] = [
          { ...known, consents: a },
          { ...stranger, consents: b },
        ] as Profile[];
        if (!first || !second) return;
        for (const [into, from] of [
          [first, second],
          [second, first],
        ] as const)
          for (const source of [a, b])
            for (const [channel, states] of Object.entries(source))
              for (const [name, given] of Object.entries(states ?? {}))
                if (given === 'refused')
                  expect(joined(into, from).consents?.[channel]).toMatchObject({
                    [name]: 'refused',
                  });
      }),
    );
  });
});
