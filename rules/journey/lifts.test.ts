import { mayLift } from './lifts';

test.each([
  ['a gap or a cap', 'gap', { slots: true, policy: true, profile: false }],
  ['a cap', 'cap', { slots: true, policy: true, profile: false }],
  ['do-not-disturb', 'dnd', { slots: false, policy: false, profile: true }],
  ['quiet hours', 'quiet-hours', { slots: false, policy: true, profile: true }],
  ['a shared limit', 'quota', { slots: false, policy: false, profile: false }],
])('what may lift a hold by %s', (_, reason, expected) => {
  const lifts = {
    slots: mayLift('slots', { reason }),
    policy: mayLift('policy', { reason }),
    profile: mayLift('profile', { reason }),
  };
  expect(lifts).toEqual(expected);
});

test('where the contact is decides when a day of a cap is over, and how long a gap is not', () => {
  expect(mayLift('zone', { reason: 'cap' })).toBe(true);
  expect(mayLift('zone', { reason: 'gap' })).toBe(false);
});

test('a settlement may lift a hold behind an open touch, whatever rule came first', () => {
  expect(mayLift('slots', { reason: 'quiet-hours', heldByOpen: true })).toBe(true);
  expect(mayLift('policy', { reason: 'dnd', heldByOpen: true })).toBe(false);
});
