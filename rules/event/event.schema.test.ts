// Every type takes what it is documented to take and refuses the rest with its place; what it gives reads the same again.

import { isCodedError } from '../base/errors';
import { parseWith } from '../input/parse';
import { customerEvent } from './event.schema';
import type { EVENT_DATA } from './eventTypes.schema';

const read = (type: string, data?: object) =>
  parseWith(
    customerEvent,
    { eventId: 'e-1', type, contactId: 'c-1', occurredAt: '2026-03-02T10:00:00+08:00', data },
    '',
  );

/** The places that are wrong. */
function placesOf(type: string, data?: object): readonly string[] {
  try {
    read(type, data);
    return [];
  } catch (error) {
    if (!isCodedError(error)) throw error;
    return error.issues.map(({ path }) => path);
  }
}

const TAKEN: Readonly<Record<keyof typeof EVENT_DATA, readonly (object | undefined)[]>> = {
  usage: [
    { percent: 80 },
    { dataUsedPct: 120 },
    { data: { used: 3000, total: 6000 } },
    { data: { percent: 50, used: 3, total: 9 }, voice: { percent: 10 }, sms: { percent: 0 } },
    { percent: 80, voice: { used: 90, total: 100 } },
    { sms: { used: 0, total: 10 } },
  ],
  bill: [{ dueFen: 100 }, { billDueFen: 0, balanceFen: -5 }],
  'bill-paid': [undefined, {}],
  'offer-accepted': [{ product: 'p-1' }, { product: 'p-1', touchId: 't/1' }],
  'offer-refused': [undefined, { product: 'p-1' }],
  'customer-message': [undefined, { staffId: 's-1', text: '好' }],
  message: [undefined],
  opened: [{ campaign: 'k' }, { touchId: 't/1' }],
  stage: [{ stage: 'new' }],
  recharge: [{ balanceFen: 5000 }, { amountFen: 3000 }, { amountFen: 3000, balanceFen: 5000 }],
  balance: [{ balanceFen: -100 }],
  'plan-changed': [{ plan: { id: 'p-1', fee: 88 } }],
  purchase: [{ product: 'p-1' }],
  complaint: [undefined, { channel: 'sms' }],
  order: [{ orderId: 'o-1', product: 'p-1', state: 'done' }],
  contract: [{ endsOn: '2026-12-31' }, { endsOn: '2028-02-29', product: 'p-1' }],
  login: [undefined, { where: 'app' }],
  points: [{ balance: 0 }, { balance: 900, expiring: 300, expiresOn: '2026-12-31' }],
  'location-city': [{ city: 'qingyuan' }],
};

const taken = Object.entries(TAKEN).flatMap(([type, all]) =>
  all.map((data) => [type, JSON.stringify(data) ?? 'nothing', data] as const),
);

test.each(taken)('takes %s with %s, and what it gives reads the same again', (type, _, data) => {
  const once = read(type, data);
  expect(read(type, once.data)).toEqual(once);
  expect(once.occurredAt).toBe('2026-03-02T02:00:00.000Z');
});

test.each([
  ['usage', {}, ['data.dataUsedPct']],
  ['usage', { percent: 80, dataUsedPct: 80 }, ['data.percent']],
  ['usage', { percent: 80, data: { percent: 81 } }, ['data.percent']],
  ['usage', { data: { used: 5, total: 0 } }, ['data.data.percent']],
  ['usage', { voice: { used: 5 } }, ['data.voice.percent']],
  ['usage', { sms: { percent: -1 } }, ['data.sms.percent']],
  ['usage', { data: { percent: 5, left: 1 } }, ['data.data.left']],
  ['recharge', {}, ['data.amountFen']],
  ['recharge', { amountFen: -1 }, ['data.amountFen']],
  ['order', { orderId: 'o-1', product: 'p-1', state: 'lost' }, ['data.state']],
  ['contract', { endsOn: '2026-02-30' }, ['data.endsOn']],
  ['points', { balance: 1.5 }, ['data.balance']],
  ['login', { where: '' }, ['data.where']],
  ['location-city', { city: 'qing yuan' }, ['data.city']],
  ['location-city', { city: 'qingyuan', at: 1 }, ['data.at']],
  ['weather', { city: 'qingyuan' }, ['type']],
])('refuses %s with %j', (type, data, places) => {
  expect(placesOf(type, data)).toEqual(places);
});

test('the share of data is the same, however it is told', () => {
  const shares = [{ percent: 50 }, { dataUsedPct: 50 }, { data: { used: 3, total: 6 } }];
  for (const told of shares) expect(read('usage', told).data).toMatchObject({ dataUsedPct: 50 });
  expect(read('usage', { data: { used: 1, total: 3 } }).data).toMatchObject({ dataUsedPct: 33.33 });
  expect(read('usage', { voice: { percent: 50 } }).data).toEqual({ voice: { percent: 50 } });
});
