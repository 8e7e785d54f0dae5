import type { Demo } from './demo';
import { appEnvironment, type Places, sandboxEnvironment, sandboxed } from './environment';

const demo: Demo = {
  adminKey: 'admin-key',
  smsWebhookSecret: 'sms-secret',
  crmWebhookSecret: 'crm-secret',
  iopWebhookSecret: 'iop-secret',
  smsKey: 'sms-key',
  crmKey: 'crm-key',
  iopKey: 'iop-key',
  corpId: 'ww1',
  corpSecret: 'corp-secret',
  agentId: 7,
  token: 'token',
  encodingAesKey: 'aes',
  ledgerKey: 'ledger-key-of-the-demo',
  pseudonymKey: 'pseudonym-key-of-the-demo',
};
const places: Places = {
  dataDir: '/data',
  apiPort: 8081,
  sandboxPort: 8091,
  temporal: { address: '127.0.0.1:7299', namespace: 'default' },
  mongoUri: 'mongodb://127.0.0.1:1/sopflow',
};

describe('the environment of the demo', () => {
  it('points every system that is not configured at the sandbox, with the secrets both sides share', () => {
    const app = appEnvironment({}, demo, places);
    const sandbox = sandboxEnvironment({}, demo, places);
    expect(app).toMatchObject({
      WECOM_BASE_URL: 'http://127.0.0.1:8091/wecom',
      IOP_BASE_URL: 'http://127.0.0.1:8091/iop',
      SMS_SIGNATURE: '广东移动',
    });
    expect(app).toMatchObject({ PORT: '8081', TEMPORAL_ADDRESS: '127.0.0.1:7299' });
    expect(sandbox).toMatchObject({
      SANDBOX_PORT: '8091',
      SOPFLOW_URL: 'http://127.0.0.1:8081',
      SANDBOX_STATE: '/data/sandbox.json',
    });
    for (const name of [
      'WECOM_CORP_ID',
      'WECOM_TOKEN',
      'WECOM_ENCODING_AES_KEY',
      'SMS_KEY',
      'CRM_KEY',
      'IOP_KEY',
      'SMS_WEBHOOK_SECRET',
      'CRM_WEBHOOK_SECRET',
      'IOP_WEBHOOK_SECRET',
    ]) {
      expect([name, app[name]]).toEqual([name, sandbox[name]]);
      expect(app[name]).toBeTruthy();
    }
    expect(sandbox.SOPFLOW_KEY).toBe(app.SOPFLOW_ADMIN_KEY);
  });

  it('signs the ledger with a key of the demo, unless the caller has one', () => {
    expect(appEnvironment({}, demo, places)).toMatchObject({
      SOPFLOW_LEDGER_KEYS: 'demo:ledger-key-of-the-demo',
      SOPFLOW_PSEUDONYM_KEY: 'pseudonym-key-of-the-demo',
      SOPFLOW_SEALS_FILE: '/data/seals.jsonl',
    });
    const own = { SOPFLOW_LEDGER_KEYS: 'k:a-key-of-the-caller' };
    expect(appEnvironment(own, demo, places)).toMatchObject(own);
    expect(sandboxEnvironment({}, demo, places)).not.toHaveProperty('SOPFLOW_LEDGER_KEYS');
  });

  it('leaves a real system as the caller configured it', () => {
    const env = { SMS_BASE_URL: 'https://sms.example', SMS_KEY: 'real-key' };
    expect(appEnvironment(env, demo, places)).toMatchObject(env);
    expect(sandboxed(env)).toEqual(['WECOM', 'CRM', 'IOP']);
    expect(appEnvironment(env, demo, places)).not.toHaveProperty('SMS_SIGNATURE');
  });
});
