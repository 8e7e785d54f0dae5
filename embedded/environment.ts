// The environment of each process of the demo: which system is real and which the sandbox stands in for.
import { join } from 'node:path';
import { type Demo, ledgerEnvironment } from './demo';

export interface Places {
  readonly dataDir: string;
  readonly apiPort: number;
  readonly sandboxPort: number;
  readonly temporal: {
    readonly address: string;
    readonly namespace: string;
    readonly uiUrl?: string;
  };
  readonly mongoUri: string;
}

/** Who sends the demo's short messages. */
const DEMO_SIGNATURE = '广东移动';

const SYSTEMS = ['WECOM', 'SMS', 'CRM', 'IOP'] as const;

/** Systems whose base URL the caller has not set: the sandbox stands in for them. */
export function sandboxed(env: NodeJS.ProcessEnv): string[] {
  return SYSTEMS.filter((system) => !env[`${system}_BASE_URL`]);
}

/** For the API server and the worker. */
export function appEnvironment(
  env: NodeJS.ProcessEnv,
  demo: Demo,
  places: Places,
): NodeJS.ProcessEnv {
  const { temporal } = places;
  const sandboxUrl = `http://127.0.0.1:${places.sandboxPort}`;
  const secrets = systemSecrets(demo);
  const standIns = sandboxed(env).map((system) => ({
    ...secrets[system as keyof typeof secrets],
    ...(system === 'SMS' && { SMS_SIGNATURE: env.SMS_SIGNATURE || DEMO_SIGNATURE }),
    [`${system}_BASE_URL`]: `${sandboxUrl}/${system.toLowerCase()}`,
  }));

  return {
    ...env,
    ...(env.SOPFLOW_LEDGER_KEYS ? {} : ledgerEnvironment(demo)),
    SOPFLOW_SEALS_FILE: env.SOPFLOW_SEALS_FILE || sealsFile(places.dataDir),
    SOPFLOW_DATA: places.dataDir,
    SOPFLOW_ADMIN_KEY: demo.adminKey,
    PORT: String(places.apiPort),
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    ...(temporal.uiUrl ? { TEMPORAL_UI_URL: temporal.uiUrl } : {}),
    MONGODB_URI: places.mongoUri,
    ...webhookSecrets(env, demo),
    ...Object.assign({}, ...standIns),
  };
}

/** Where a demo keeps the seals of its ledger. */
const sealsFile = (dataDir: string): string => join(dataDir, 'seals.jsonl');

/** For the sandbox, which plays all systems at once and calls back into the API. */
export function sandboxEnvironment(
  env: NodeJS.ProcessEnv,
  demo: Demo,
  places: Places,
): NodeJS.ProcessEnv {
  return {
    ...env,
    ...Object.assign({}, ...Object.values(systemSecrets(demo))),
    SANDBOX_PORT: String(places.sandboxPort),
    SANDBOX_SEED: env.SANDBOX_SEED || '1',
    SANDBOX_STATE: join(places.dataDir, 'sandbox.json'),
    SOPFLOW_URL: `http://127.0.0.1:${places.apiPort}`,
    SOPFLOW_KEY: demo.adminKey,
    ...webhookSecrets(env, demo),
  };
}

/** Known to both sides: what the caller configured for a real system, else the demo's own. */
const webhookSecrets = (env: NodeJS.ProcessEnv, demo: Demo) => ({
  SMS_WEBHOOK_SECRET: env.SMS_WEBHOOK_SECRET || demo.smsWebhookSecret,
  CRM_WEBHOOK_SECRET: env.CRM_WEBHOOK_SECRET || demo.crmWebhookSecret,
  IOP_WEBHOOK_SECRET: env.IOP_WEBHOOK_SECRET || demo.iopWebhookSecret,
});

function systemSecrets(demo: Demo) {
  return {
    WECOM: {
      WECOM_CORP_ID: demo.corpId,
      WECOM_CORP_SECRET: demo.corpSecret,
      WECOM_AGENT_ID: String(demo.agentId),
      WECOM_TOKEN: demo.token,
      WECOM_ENCODING_AES_KEY: demo.encodingAesKey,
    },
    SMS: { SMS_KEY: demo.smsKey },
    CRM: { CRM_KEY: demo.crmKey },
    IOP: { IOP_KEY: demo.iopKey },
  };
}
