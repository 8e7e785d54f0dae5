// How fast the gate decides: a contact with 30 touches, a policy of 10 rules, prepared once.

import type { GateContact, TouchRecord } from '../rules/contact/gateContact.schema';
import { decide, preparePolicy } from '../rules/gate/gate';
import type { Policy } from '../rules/policy/policy.schema';
import { HOUR_MS, MINUTE_MS } from '../rules/time/durations';
import { type Part, rates, stopwatch } from './part';

const CONTACTS = 200;
const DECISIONS = 100_000;
const NOON = Date.parse('2026-03-20T04:00:00.000Z');

const POLICY: Policy = {
  id: 'default',
  version: 1,
  timezone: 'Asia/Shanghai',
  maxDeferHours: 72,
  consent: [{ classes: ['marketing'], channels: ['sms', 'call'], need: 'granted' }],
  quietHours: [
    { id: 'night', classes: ['marketing', 'service'], from: '21:00', to: '09:00' },
    { id: 'noon', classes: ['marketing'], channels: ['call'], from: '12:00', to: '14:00' },
  ],
  gaps: [
    { id: 'gap-1h', classes: ['marketing'], hours: 1 },
    { id: 'gap-channel', classes: ['marketing'], per: ['channel'], hours: 2 },
  ],
  caps: [
    { id: 'day', classes: ['marketing'], limit: 20, window: { kind: 'calendar', unit: 'day' } },
    {
      id: 'week',
      classes: ['marketing'],
      per: ['channel'],
      limit: 40,
      window: { kind: 'rolling', hours: 168 },
    },
    { id: 'month', classes: ['marketing'], limit: 60, window: { kind: 'calendar', unit: 'month' } },
    {
      id: 'bill',
      classes: ['marketing'],
      limit: 60,
      window: { kind: 'calendar', unit: 'billCycle' },
    },
    {
      id: 'product',
      classes: ['marketing'],
      per: ['product'],
      limit: 50,
      window: { kind: 'rolling', hours: 720 },
    },
  ],
};

function contact(number: number): GateContact {
  const touches: TouchRecord[] = Array.from({ length: 30 }, (_, i) => ({
    touchId: `t-${i}`,
    at: new Date(NOON - (i + 2) * 20 * HOUR_MS - number * MINUTE_MS).toISOString(),
    channel: i % 2 === 0 ? 'sms' : 'wecom',
    class: 'marketing',
    product: `p-${i % 5}`,
    state: 'sent',
  }));

  return {
    contactId: `c-${number}`,
    billDay: (number % 28) + 1,
    channels: { sms: { reachable: true } },
    consents: { sms: { marketing: 'granted' } },
    touches,
  };
}

export const decidePart: Part = async () => {
  const prepared = preparePolicy(POLICY, {});
  const contacts = Array.from({ length: CONTACTS }, (_, i) => contact(i));
  const run = (count: number): Record<string, number> => {
    const verdicts: Record<string, number> = {};
    for (let i = 0; i < count; i++) {
      const at = new Date(NOON + (i % 7_000) * 1_000).toISOString();
      const touch = {
        touchId: 'new',
        at,
        channel: 'sms',
        class: 'marketing',
        product: 'p-1',
      } as const;
      const { verdict } = decide(prepared, contacts[i % CONTACTS] as GateContact, touch);
      verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
    }

    return verdicts;
  };
  run(20_000); // until the code is compiled
  const watch = stopwatch();
  const verdicts = run(DECISIONS);

  return [
    ...rates('decisions', DECISIONS, watch.stop()),
    ...Object.entries(verdicts).map(([name, value]) => ({
      name: `of them ${name}`,
      value,
      unit: '',
    })),
  ];
};
