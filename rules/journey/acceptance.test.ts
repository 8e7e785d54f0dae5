import type { KeptTouch } from '../contact/contact';
import { offersAnswered } from './acceptance';

const touch = (touchId: string, product: string, at: string, state: KeptTouch['state'] = 'sent') =>
  ({ touchId, product, at, state, channel: 'sms', class: 'marketing', attempt: 1 }) as const;

const touches = [
  touch('t-1', 'pack', '2026-03-01T00:00:00.000Z'),
  touch('t-2', 'pack', '2026-03-02T00:00:00.000Z'),
  touch('t-3', 'pack', '2026-03-03T00:00:00.000Z', 'released'),
  touch('t-4', 'plan', '2026-03-04T00:00:00.000Z'),
];
const idsOf = (offers: readonly KeptTouch[]) => offers.map(({ touchId }) => touchId);

test('an acceptance that names no touch answers the offers of its product, the newest first', () => {
  expect(idsOf(offersAnswered(touches, 'pack', undefined))).toEqual(['t-2', 't-1']);
});

test('an acceptance answers the touch it names, also one that was given up before it came', () => {
  expect(idsOf(offersAnswered(touches, 'pack', 't-1'))).toEqual(['t-1']);
  expect(idsOf(offersAnswered(touches, 'pack', 't-3'))).toEqual(['t-3']);
});

test('a touch that offered another product is not answered', () => {
  expect(offersAnswered(touches, 'pack', 't-4')).toEqual([]);
});
