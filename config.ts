// The only reader of the process environment: one schema, defaults in code, and a clear word about each bad variable.

import { z } from 'zod';
import { CodedError } from './rules/errors';

const port = (fallback: number) => z.coerce.number().int().min(0).max(65535).default(fallback);
const url = z.url({ protocol: /^https?$/ });
const secret = z.string().min(8);

const schema = z.object({
  /** Port of the HTTP API; 0 takes any free one. */
  PORT: port(8080),
  /** Interface the API listens on. */
  HOST: z.string().default('127.0.0.1'),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s:]+:\d+$/, 'host:port')
    .default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  /** Where people open the Temporal Web UI; used for links only. */
  TEMPORAL_UI_URL: url.optional(),
  /** Bearer key of Temporal Cloud or an authorised cluster. */
  TEMPORAL_API_KEY: secret.optional(),
  TEMPORAL_TLS: z.stringbool().default(false),
  TASK_QUEUE: z.string().min(1).default('sopflow'),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'mongodb://… or mongodb+srv://…')
    .default('mongodb://127.0.0.1:27017/sopflow'),
  /** Zone of a contact and policy that name none. */
  TIMEZONE: z.string().refine(isZone, 'an IANA zone such as Asia/Shanghai').default('Asia/Shanghai'),
  WECOM_BASE_URL: url.default('https://qyapi.weixin.qq.com'),
  WECOM_CORP_ID: z.string().min(1).optional(),
  WECOM_CORP_SECRET: z.string().min(1).optional(),
  WECOM_AGENT_ID: z.coerce.number().int().optional(),
  /** Token and key of the callback, as set in the WeCom console. */
  WECOM_TOKEN: z.string().max(32).optional(),
  WECOM_ENCODING_AES_KEY: z.string().length(43).optional(),
  SMS_BASE_URL: url.optional(),
  SMS_KEY: secret.optional(),
  CRM_BASE_URL: url.optional(),
  CRM_KEY: secret.optional(),
  IOP_BASE_URL: url.optional(),
  IOP_KEY: secret.optional(),
  /** Signs the call-backs of SMS, CRM and IOP. */
  WEBHOOK_SECRET: secret.optional(),
  /** Pause between two fetches of the IOP pool, in seconds. */
  LEAD_POLL_SECONDS: z.coerce.number().int().min(1).default(15),
  /** First admin key; made and shown once when absent. */
  SOPFLOW_ADMIN_KEY: secret.optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export type Config = z.infer<typeof schema>;

/**
 * Reads the configuration. An empty variable counts as absent.
 * @throws CodedError INVALID_INPUT naming every bad variable and what is allowed.
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  throw new CodedError(
    'INVALID_INPUT',
    `bad configuration: ${issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ')}`,
    issues,
  );
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
