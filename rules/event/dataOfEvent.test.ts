// Conditions read the same names, whichever of them an event was told with.

import { parseWith } from '../input/parse';
import { dataOfEvent } from './dataOfEvent';
import { customerEvent } from './event.schema';

const dataOf = (type: string, data?: object) => {
  const told = { eventId: 'e-1', type, contactId: 'c-1', occurredAt: '2026-03-02T02:00:00Z', data };
  return dataOfEvent(parseWith(customerEvent, told, ''));
};

test('usage has its share of data under every name', () => {
  const whole = { dataUsedPct: 50, percent: 50, data: { percent: 50 } };
  expect(dataOf('usage', { percent: 50 })).toEqual(whole);
  expect(dataOf('usage', { dataUsedPct: 50 })).toEqual(whole);
  expect(dataOf('usage', { data: { used: 3, total: 6 }, sms: { percent: 9 } })).toEqual({
    ...whole,
    data: { used: 3, total: 6, percent: 50 },
    sms: { percent: 9 },
  });
});

test('usage of voice alone says nothing of data', () => {
  expect(dataOf('usage', { voice: { percent: 9 } })).toEqual({ voice: { percent: 9 } });
});

test('a bill has what is due under both names', () => {
  expect(dataOf('bill', { dueFen: 5900 })).toEqual({ billDueFen: 5900, dueFen: 5900 });
});

test('what the customer wrote is not among it', () => {
  expect(dataOf('customer-message', { staffId: 's-1', text: '退订' })).toEqual({ staffId: 's-1' });
});

test('others are as they were told', () => {
  expect(dataOf('points', { balance: 900 })).toEqual({ balance: 900 });
  expect(dataOf('login')).toEqual({});
});
