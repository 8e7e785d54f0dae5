import { answerReaderOf, ledgerKeysOf, readConfig } from './config';

const refusal = (environment: NodeJS.ProcessEnv): string => {
  try {
    readConfig(environment);
    return 'taken';
  } catch (error) {
    return (error as Error).message;
  }
};

test('every bad variable is named with what is allowed', () => {
  const message = refusal({ PORT: '99999', LOG_LEVEL: 'loud', TEMPORAL_ADDRESS: 'temporal' });
  expect(message).toMatch(/PORT: .*65535/);
  expect(message).toMatch(/LOG_LEVEL: .*"debug"/);
  expect(message).toMatch(/TEMPORAL_ADDRESS: .*host:port/);
});

test('the rate of a channel is a number a second, and is named when it is none', () => {
  expect(readConfig({ SMS_PER_SECOND: '0.5' }).SMS_PER_SECOND).toBe(0.5);
  expect(readConfig({}).SMS_PER_SECOND).toBeUndefined();
  for (const wrong of ['0', '-3', 'fast', '20000'])
    expect(refusal({ WECOM_PER_SECOND: wrong })).toMatch(/WECOM_PER_SECOND: /);
});

test('a variable of ours that nothing reads is named with those that exist', () => {
  expect(refusal({ SMS_KEYS: 'secret-secret' })).toContain(
    'SMS_KEYS: unknown variable; allowed: SMS_BASE_URL, SMS_KEY, SMS_SIGNATURE',
  );
  expect(refusal({ MONGODB_URL: 'mongodb://m/sopflow' })).toContain('MONGODB_URI');
});

test.each(['拒收请回复R', '退订回QX', 'TD退订回T', '退订请回复退订', '取消订阅，回复 TD'])(
  'the note %s asks for a word that is understood',
  (note) => {
    const config = readConfig({ SMS_REFUSAL_NOTE: note });
    expect(config.SMS_REFUSAL_NOTE).toBe(note);
  },
);

test.each(['如需退订请致电10086', '拒收请回复ABCDEFG', '回复1了解详情', '退订请回复好的'])(
  'the note %s, after which no answer would be a refusal, is refused',
  (note) => {
    expect(refusal({ SMS_REFUSAL_NOTE: note })).toContain('SMS_REFUSAL_NOTE: a note that says');
  },
);

test('what the note asks for and further words are refusals, and what is none is not taken for a word', () => {
  const read = answerReaderOf(
    readConfig({ SMS_REFUSAL_NOTE: '退订回QX', SMS_REFUSAL_WORDS: '唔要, BYE，收声' }),
  );
  for (const answer of ['qx', '唔要', 'bye', '收声谢谢']) expect(read(answer)).toBe('yes');
  expect(read('好')).toBe('no');
  for (const words of ['唔要,,', '3唔要', '！'])
    expect(refusal({ SMS_REFUSAL_WORDS: words })).toContain('SMS_REFUSAL_WORDS: words of');
});

test('one secret for two systems is refused, and so is the one that three once shared', () => {
  const secret = 'secret-secret';
  expect(refusal({ SMS_WEBHOOK_SECRET: secret, CRM_WEBHOOK_SECRET: secret })).toContain(
    'CRM_WEBHOOK_SECRET: the secret of another system',
  );
  expect(refusal({ SMS_WEBHOOK_SECRET: secret, CRM_WEBHOOK_SECRET: `${secret}-2` })).toBe('taken');
  expect(refusal({ WEBHOOK_SECRET: secret })).toContain('allowed: SMS_WEBHOOK_SECRET, CRM_');
});

test('a gateway for short messages is given its signature, in a form that carriers take', () => {
  const gateway = { SMS_BASE_URL: 'https://sms.example', SMS_KEY: 'secret-secret' };
  expect(refusal(gateway)).toContain('SMS_SIGNATURE: missing; allowed: 2 to 20 letters');
  expect(refusal({ ...gateway, SMS_SIGNATURE: '10086' })).toContain('SMS_SIGNATURE: 2 to 20');
  expect(refusal({ ...gateway, SMS_SIGNATURE: '广东移动' })).toBe('taken');
  expect(refusal({ ...gateway, SMS_SIGNATURE: '【广东移动】' })).toBe('taken');
});

test('variables of others, and of other parts of sopflow, are left alone', () => {
  const others = {
    PATH: '/bin',
    NODE_ENV: 'production',
    SOPFLOW_DATA: '/data',
    SOPFLOW_TEST_MONGODB_URI: 'mongodb://127.0.0.1:1/x',
    MONGODB_PASSWORD: 'x',
    TEMPORAL_PORT_7233_TCP_ADDR: '10.0.0.1',
    CRM_SERVICE_HOST: '10.0.0.2',
    TEMPORAL_CONFIG_FILE: '/etc/temporal.toml',
  };
  expect(readConfig(others)).toEqual(readConfig({}));
});

test('an empty variable counts as absent', () => {
  expect(readConfig({ PORT: '', WECOM_CORP_IDS: '' })).toEqual(readConfig({}));
});

test('the keys of the ledger are ids and secrets, and no secret is in what is said of them', () => {
  const message = refusal({ SOPFLOW_LEDGER_KEYS: 'only-a-secret' });
  expect(message).toContain('SOPFLOW_LEDGER_KEYS: id:secret');
  expect(message).not.toContain('only-a-secret');

  const config = readConfig({
    SOPFLOW_LEDGER_KEYS: 'a:the-secret-of-last-year,b:the-secret-of-this-year',
    SOPFLOW_LEDGER_UNKEYED_UNTIL: '2026-01-01T00:00:00+08:00',
  });
  expect(ledgerKeysOf(config)).toMatchObject({
    current: { id: 'b' },
    unkeyedUntil: '2025-12-31T16:00:00.000Z',
  });
  expect(ledgerKeysOf(readConfig({})).current).toBeUndefined();
});
