import { createWecomCodec, seal } from './callback';

const NOW = 1_700_000_000_000;
const SECONDS = String(NOW / 1000);
const deployment = {
  token: 'sandboxToken1',
  encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  corpId: 'wwsandbox0000001',
};
const codec = createWecomCodec({ ...deployment, clock: { now: () => NOW } });

/** The corp of the samples in WeCom's documentation, at their time. */
const official = createWecomCodec({
  token: 'QDG6eK',
  encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
  corpId: 'wx5823bf96d3bd56c7',
  clock: { now: () => 1_409_659_813_000 },
});

const FIELDS = {
  ToUserName: deployment.corpId,
  FromUserName: 'sys',
  CreateTime: SECONDS,
  MsgType: 'event',
  Event: 'change_external_contact',
  UserID: '00123',
  ExternalUserID: 'wmAAA',
};

const xmlOf = (fields: Readonly<Record<string, string>>) =>
  `<xml>${Object.entries(fields)
    .map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`)
    .join('\n')}</xml>`;

function open(changed: Readonly<Record<string, string>>, timestamp = SECONDS) {
  const { query, body } = seal(deployment, xmlOf({ ...FIELDS, ...changed }), timestamp, 'nonce-1');
  return codec.open(query, body);
}

const coded = (code: string) => expect.objectContaining({ name: 'CodedError', code });

describe('WeCom call-backs', () => {
  it('answers a URL verification with the plain text', () => {
    const { query, encrypted } = seal(deployment, '1616140317555161061', SECONDS, 'n');
    expect(codec.verifyUrl({ ...query, echostr: encrypted })).toBe('1616140317555161061');
  });

  it("answers the official sample's verification, also when its plus signs were decoded once too often", () => {
    const query = {
      msg_signature: '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3',
      timestamp: '1409659589',
      nonce: '263014780',
      echostr:
        'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==',
    };
    expect(official.verifyUrl(query)).toBe('1616140317555161061');
    expect(official.verifyUrl({ ...query, echostr: query.echostr.replaceAll('+', ' ') })).toBe(
      '1616140317555161061',
    );
  });

  it("opens the official sample's message", () => {
    const query = {
      msg_signature: '477715d11cdb4164915debcba66cb864d751f3e6',
      timestamp: '1409659813',
      nonce: '1372623149',
    };
    const body =
      '<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName><Encrypt><![CDATA[RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==]]></Encrypt><AgentID><![CDATA[218]]></AgentID></xml>';
    expect(official.open(query, body)).toMatchObject({
      kind: 'other',
      event: 'text',
      at: 1_409_659_813_000,
    });
  });

  it('reads an added customer, ids and scene to the letter', () => {
    const added = open({ ChangeType: 'add_external_contact', State: ' 007 ', WelcomeCode: 'CODE' });
    expect(added).toEqual({
      kind: 'added',
      half: false,
      staffId: '00123',
      externalUserId: 'wmAAA',
      scene: ' 007 ',
      welcomeCode: 'CODE',
      at: NOW,
      dedupeKey: expect.stringMatching(/^wecom\/[0-9a-f]{64}$/),
    });
  });

  it.each([
    ['add_half_external_contact', {}, { kind: 'added', half: true }],
    ['edit_external_contact', {}, { kind: 'edited' }],
    ['del_external_contact', {}, { kind: 'removed-by-staff', transferred: false }],
    [
      'del_external_contact',
      { Source: 'DELETE_BY_TRANSFER' },
      { kind: 'removed-by-staff', transferred: true },
    ],
    ['del_follow_user', {}, { kind: 'removed-by-customer' }],
    [
      'transfer_fail',
      { FailReason: 'customer_refused' },
      { kind: 'transfer-failed', reason: 'customer_refused' },
    ],
  ])('reads %s %j', (ChangeType, more, expected) => {
    expect(open({ ChangeType, ...more })).toMatchObject({
      ...expected,
      staffId: '00123',
      externalUserId: 'wmAAA',
    });
  });

  it('leaves out what WeCom left empty', () => {
    const added = open({ ChangeType: 'add_external_contact', State: '', WelcomeCode: '' });
    expect(added).not.toHaveProperty('scene');
    expect(added).not.toHaveProperty('welcomeCode');
  });

  it('names other events without reading them', () => {
    const event = open({
      Event: 'change_external_tag',
      ChangeType: 'create',
      UserID: '',
      ExternalUserID: '',
    });
    expect(event).toMatchObject({
      kind: 'other',
      event: 'change_external_tag',
      changeType: 'create',
    });
    expect(event).not.toHaveProperty('staffId');
  });

  it('gives the same fact the same key however it is wrapped, and another fact another', () => {
    const once = open({ ChangeType: 'edit_external_contact' });
    const again = open({ ChangeType: 'edit_external_contact' }, String(NOW / 1000 + 5));
    const reordered = seal(
      deployment,
      xmlOf({
        ChangeType: 'edit_external_contact',
        ...Object.fromEntries(Object.entries(FIELDS).reverse()),
      }),
      SECONDS,
      'n',
    );
    expect(codec.open(reordered.query, reordered.body).dedupeKey).toBe(once.dedupeKey);
    const later = open({ ChangeType: 'edit_external_contact', CreateTime: String(NOW / 1000 + 1) });
    expect(again.dedupeKey).toBe(once.dedupeKey);
    expect(later.dedupeKey).not.toBe(once.dedupeKey);
  });

  it('refuses a signature made with another token', () => {
    const { query, body } = seal({ ...deployment, token: 'other' }, xmlOf(FIELDS), SECONDS, 'n');
    expect(() => codec.open(query, body)).toThrow(coded('BAD_SIGNATURE'));
  });

  it.each([601, -601])('refuses a timestamp %s s away', (away) => {
    expect(() => open({ ChangeType: 'edit_external_contact' }, String(NOW / 1000 + away))).toThrow(
      coded('STALE_TIMESTAMP'),
    );
  });

  it('refuses a timestamp that is no number', () => {
    expect(() => open({ ChangeType: 'edit_external_contact' }, 'now')).toThrow(
      coded('STALE_TIMESTAMP'),
    );
  });

  it('refuses what is meant for another corp', () => {
    const { query, body } = seal({ ...deployment, corpId: 'wwother' }, xmlOf(FIELDS), SECONDS, 'n');
    expect(() => codec.open(query, body)).toThrow(coded('FOREIGN_RECEIVER'));
  });

  it('says that the key is wrong when it cannot decrypt', () => {
    const encodingAesKey = deployment.encodingAesKey.replace('a', 'b');
    const { query, body } = seal({ ...deployment, encodingAesKey }, xmlOf(FIELDS), SECONDS, 'n');
    expect(() => codec.open(query, body)).toThrow(/cannot be decrypted/);
  });

  it.each([
    '',
    'nonsense',
    '<xml></xml>',
    '<!DOCTYPE x><xml><Encrypt>a</Encrypt></xml>',
    '<a>b</a>',
  ])('refuses the body %j', (body) => {
    const { query } = seal(deployment, xmlOf(FIELDS), SECONDS, 'n');
    expect(() => codec.open(query, body)).toThrow(coded('INVALID_INPUT'));
  });

  it.each(['msg_signature', 'timestamp', 'nonce'])(
    'takes a call-back without %s for a forged one',
    (name) => {
      const { query, body } = seal(deployment, xmlOf(FIELDS), SECONDS, 'n');
      expect(() => codec.open({ ...query, [name]: undefined }, body)).toThrow(
        coded('BAD_SIGNATURE'),
      );
      expect(() => codec.verifyUrl({ ...query, echostr: 'x', [name]: undefined })).toThrow(
        coded('BAD_SIGNATURE'),
      );
      expect(() => codec.open(query, '<xml><Encrypt></Encrypt></xml>')).toThrow(
        coded('BAD_SIGNATURE'),
      );
    },
  );

  it('refuses a body without end', () => {
    expect(() => codec.open({}, `<xml>${' '.repeat(300_000)}</xml>`)).toThrow(/longer than/);
  });

  it.each(['msg_signature', 'timestamp', 'nonce'])('names the missing parameter %s', (name) => {
    const { query, body } = seal(deployment, xmlOf(FIELDS), SECONDS, 'n');
    expect(() => codec.open({ ...query, [name]: undefined }, body)).toThrow(name);
  });

  it.each([
    ['UserID', ''],
    ['CreateTime', 'soon'],
    ['ExternalUserID', `wm${'x'.repeat(80)}`],
    ['UserID', 'zhang/san'],
    ['State', 's'.repeat(121)],
  ])('keeps an event whose %s can never be taken, with its place', (name, value) => {
    const ChangeType = 'add_external_contact';
    expect(open({ ChangeType, WelcomeCode: 'secret', [name]: value })).toMatchObject({
      kind: 'malformed',
      fields: expect.not.objectContaining({ WelcomeCode: 'secret' }),
      issues: [expect.objectContaining({ path: name })],
    });
  });
});
