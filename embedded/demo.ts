// The demo's keys and secrets: made once for a data folder and used again at every start.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readJson, writeJson } from './datadir';

export interface Demo {
  readonly adminKey: string;
  readonly smsWebhookSecret: string;
  readonly crmWebhookSecret: string;
  readonly iopWebhookSecret: string;
  readonly smsKey: string;
  readonly crmKey: string;
  readonly iopKey: string;
  readonly corpId: string;
  readonly corpSecret: string;
  readonly agentId: number;
  readonly token: string;
  readonly encodingAesKey: string;
  readonly ledgerKey: string;
  readonly pseudonymKey: string;
  /** ISO: until when the demo wrote its ledger without a key; of demos from before there was one. */
  readonly ledgerUnkeyedUntil?: string;
}

const FILE = 'demo.json';

/** Reads `demo.json` (mode 0600) of the data folder, making what it lacks. */
export function keepDemo(dataDir: string): Demo {
  const kept = readDemo(dataDir);
  const isOlder = kept.adminKey !== undefined && kept.ledgerKey === undefined;
  const demo: Demo = {
    ...makeDemo(),
    ...(isOlder && { ledgerUnkeyedUntil: new Date().toISOString() }),
    ...kept,
  };
  writeJson(join(dataDir, FILE), demo);

  return demo;
}

/** What a data folder has; nothing when no demo ever ran on it. */
export const readDemo = (dataDir: string): Partial<Demo> =>
  (readJson(join(dataDir, FILE)) ?? {}) as Partial<Demo>;

/** The ledger's keys of a demo, as the environment has them. */
export function ledgerEnvironment(demo: Partial<Demo>): NodeJS.ProcessEnv {
  const { ledgerKey, pseudonymKey, ledgerUnkeyedUntil: until } = demo;
  return {
    ...(ledgerKey !== undefined && { SOPFLOW_LEDGER_KEYS: `demo:${ledgerKey}` }),
    ...(pseudonymKey !== undefined && { SOPFLOW_PSEUDONYM_KEY: pseudonymKey }),
    ...(until !== undefined && { SOPFLOW_LEDGER_UNKEYED_UNTIL: until }),
  };
}

function makeDemo(): Demo {
  const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
  return {
    adminKey: hex(20),
    smsWebhookSecret: hex(20),
    crmWebhookSecret: hex(20),
    iopWebhookSecret: hex(20),
    smsKey: hex(16),
    crmKey: hex(16),
    iopKey: hex(16),
    corpId: `ww${hex(8)}`,
    corpSecret: hex(20),
    agentId: 1_000_002,
    token: hex(12),
    encodingAesKey: makeAesKey(),
    ledgerKey: hex(32),
    pseudonymKey: hex(32),
  };
}

// WeCom's keys are the 43 characters of 32 bytes in base64, letters and digits only: one draw in four is.
function makeAesKey(): string {
  for (;;) {
    const key = randomBytes(32).toString('base64').slice(0, 43);
    if (/^[A-Za-z0-9]{43}$/.test(key)) return key;
  }
}
