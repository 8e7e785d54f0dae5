import { createHmac } from 'node:crypto';
import type { CallbackSystem } from '../ports/callbacks';
import { createWebhookCodec } from './webhook';

const NOW = Date.parse('2026-03-02T10:00:00Z');
const SECRETS = { sms: 'sms-secret', crm: 'crm-secret', iop: 'iop-secret' };
const codec = createWebhookCodec({ secrets: SECRETS, clock: { now: () => NOW } });

function headersFor(
  body: string,
  timestamp: string,
  system: CallbackSystem = 'crm',
  secret: string = SECRETS[system],
) {
  const signed = `${timestamp}./${system}/callback.${body}`;
  return {
    'x-timestamp': timestamp,
    'x-signature': createHmac('sha256', secret).update(signed).digest('hex'),
  };
}

function open(system: CallbackSystem, json: unknown, awaySeconds = 0) {
  const body = JSON.stringify(json);
  const headers = headersFor(body, String(NOW / 1000 + awaySeconds), system);
  return codec.open(system, headers, Buffer.from(body));
}

const at = '2026-03-02T09:59:59+08:00';
const RECEIPT = {
  id: 'e1',
  type: 'receipt',
  clientMessageId: 't1',
  messageId: 'm1',
  status: 'failed',
  code: 'MBBLACK',
  at,
};
const UPSTREAM = { id: 'e2', type: 'upstream', phone: '+8613800000000', text: '退订', at };
const ORDER = {
  id: 'e3',
  type: 'order',
  orderKey: 'k',
  orderId: 'o1',
  contactId: 'c1',
  product: 'p1',
  state: 'completed',
  at,
};
const CALL = {
  id: 'e4',
  type: 'call',
  clientCallId: 't1',
  callId: 'k1',
  contactId: 'c1',
  outcome: 'accepted',
  dialled: true,
  at,
};

const coded = (code: string) => expect.objectContaining({ name: 'CodedError', code });

describe('call-backs of SMS, CRM and IOP', () => {
  it.each([
    ['sms', RECEIPT],
    ['sms', UPSTREAM],
    ['crm', ORDER],
    ['iop', CALL],
  ] as const)('reads from %s %j', (system, json) => {
    expect(open(system, { ...json, later: 'field' })).toEqual({ system, ...json });
  });

  it.each([
    '13800000000',
    '8613800000000',
    '008613800000000',
    '+86 138-0000-0000',
    '１３８０００００００0',
  ])('knows the customer who answered from %s', (phone) => {
    expect(open('sms', { ...UPSTREAM, phone })).toMatchObject({ phone: '+8613800000000' });
  });

  it('leaves a number of another country as it is, and refuses what is none', () => {
    expect(open('sms', { ...UPSTREAM, phone: '+85212345678' })).toMatchObject({
      phone: '+85212345678',
    });
    expect(() => open('sms', { ...UPSTREAM, phone: '8612345' })).toThrow(coded('INVALID_INPUT'));
  });

  it('opens a body that is not plain ASCII, byte for byte', () => {
    const body = JSON.stringify(UPSTREAM);
    const headers = headersFor(body, String(NOW / 1000), 'sms');
    expect(codec.open('sms', headers, body)).toMatchObject({ text: '退订' });
    expect(() => codec.open('sms', headers, `${body} `)).toThrow(coded('BAD_SIGNATURE'));
  });

  it.each([
    ['another secret', headersFor('{}', String(NOW / 1000), 'crm', 'other')],
    ['the secret of another system', headersFor('{}', String(NOW / 1000), 'crm', SECRETS.sms)],
    ['the path of another system', headersFor('{}', String(NOW / 1000), 'sms', SECRETS.crm)],
    ['no headers', {}],
    ['two signatures', { 'x-timestamp': '1', 'x-signature': ['a', 'b'] }],
    ['a signature that is no hex', { 'x-timestamp': '1', 'x-signature': 'zz' }],
    ['another timestamp', { ...headersFor('{}', '1'), 'x-timestamp': '2' }],
  ])('refuses %s', (_, headers) => {
    expect(() => codec.open('crm', headers, '{}')).toThrow(coded('BAD_SIGNATURE'));
  });

  it('lets no vendor speak for another', () => {
    const order = JSON.stringify(ORDER);
    const bySms = headersFor(order, String(NOW / 1000), 'sms');
    expect(() => codec.open('crm', bySms, order)).toThrow(coded('BAD_SIGNATURE'));
  });

  it('takes nothing from a system without a secret', () => {
    const clock = { now: () => NOW };
    const onlySms = createWebhookCodec({ secrets: { sms: SECRETS.sms }, clock });
    expect([onlySms.takes('sms'), onlySms.takes('crm')]).toEqual([true, false]);
    const headers = headersFor('{}', String(NOW / 1000), 'crm', '');
    expect(() => onlySms.open('crm', headers, '{}')).toThrow(coded('BAD_SIGNATURE'));
  });

  it('takes five minutes either way and no more', () => {
    expect(open('crm', ORDER, -300)).toMatchObject({ id: 'e3' });
    expect(open('crm', ORDER, 300)).toMatchObject({ id: 'e3' });
    expect(() => open('crm', ORDER, -301)).toThrow(coded('STALE_TIMESTAMP'));
    expect(() => open('crm', ORDER, 301)).toThrow(coded('STALE_TIMESTAMP'));
  });

  it('refuses a signed timestamp that is no time', () => {
    expect(() => codec.open('crm', headersFor('{}', 'now'), '{}')).toThrow(
      coded('STALE_TIMESTAMP'),
    );
  });

  it('refuses what is not JSON', () => {
    expect(() => codec.open('crm', headersFor('{', String(NOW / 1000)), '{')).toThrow(
      coded('INVALID_INPUT'),
    );
  });

  it('keeps the outcome of a call in its own word when it is none of ours', () => {
    expect(open('iop', { ...CALL, outcome: 'voicemail' })).toMatchObject({
      outcome: 'other',
      outcomeSaid: 'voicemail',
    });
  });

  it.each([
    ['sms', { ...RECEIPT, status: 'lost' }, 'status'],
    ['sms', { ...RECEIPT, type: 'other' }, 'type'],
    ['sms', { ...UPSTREAM, phone: 'none' }, 'phone'],
    ['sms', { ...UPSTREAM, at: 'today' }, 'at'],
    ['crm', { ...ORDER, orderId: undefined }, 'orderId'],
    ['crm', { ...ORDER, state: 'accepted' }, 'state'],
    ['iop', { ...CALL, outcome: '' }, 'outcome'],
    ['iop', { ...CALL, dialled: 'yes' }, 'dialled'],
  ] as const)('names what is wrong with a call-back of %s: %#', (system, json, path) => {
    expect(() => open(system, json)).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        issues: expect.arrayContaining([expect.objectContaining({ path })]),
      }),
    );
  });

  it('does not repeat personal values in an error', () => {
    expect(() => open('sms', { ...UPSTREAM, phone: '138-0000-0000' })).not.toThrow(/138/);
  });
});
