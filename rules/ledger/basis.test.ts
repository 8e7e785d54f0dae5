// What a row keeps of the contact answers the gate as the contact did.

import fc from 'fast-check';
import type { GateContact } from '../contact/gateContact.schema';
import { decide, preparePolicy } from '../gate/gate';
import { basisOf, contactFromBasis } from './basis';

const AT = '2026-03-02T02:00:00.000Z';
const policy = preparePolicy(
  {
    id: 'default',
    version: 1,
    timezone: 'Asia/Shanghai',
    consent: [{ classes: ['marketing'], channels: ['sms'], need: 'not-refused' }],
  },
  {},
);

const closed = fc.array(
  fc.record({ channel: fc.constantFrom('sms', 'wecom', '*'), reason: fc.constant('opt-out') }),
  { maxLength: 2 },
);
const contact = fc.record(
  {
    blocks: closed,
    holds: closed,
    consents: fc.constantFrom<NonNullable<GateContact['consents']>>(
      { sms: { marketing: 'refused' } },
      { sms: { marketing: 'granted' } },
    ),
  },
  { requiredKeys: [] },
);

test('a touch is decided on the basis of its row as it was on the contact, closed by an answer or not', () => {
  const touches = fc.record({
    channel: fc.constantFrom('sms', 'wecom'),
    class: fc.constantFrom('marketing' as const, 'service' as const),
  });
  fc.assert(
    fc.property(contact, touches, (fields, marks) => {
      const channels = { sms: { reachable: true }, wecom: { reachable: true } };
      const known: GateContact = { contactId: 'c-1', channels, ...fields };
      const touch = { touchId: 't-1', at: AT, ...marks };
      const row = { contactId: 'c-1', ...marks, basis: basisOf(known, touch, 'Asia/Shanghai') };

      const { explain: _then, ...decided } = decide(policy, known, touch);
      const { explain: _now, ...again } = decide(policy, contactFromBasis(row, []), touch);
      expect(again).toEqual(decided);
    }),
  );
});
