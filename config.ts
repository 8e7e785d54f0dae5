// The only reader of the process environment: one schema, defaults in code, and a clear word about each bad variable.

import { z } from 'zod';
import { CodedError } from './rules/base/errors';
import { SIGNATURE_FORM, signatureOf } from './rules/catalogue/signature';
import {
  isRefusalWord,
  namesRefusal,
  type RefusalReader,
  refusalReader,
} from './rules/contact/refusal';
import { type KeyRing, LEDGER_KEYS, readKeyRing } from './rules/ledger/keyRing';

/** What a note must be for its word to be understood when it comes back. */
const NOTE_FORM =
  'a note that says 退订, 拒收, 取消 or 停发 and, right behind 回 or 回复, what to answer: 1 to 6 letters or digits or a word of refusal (拒收请回复R, 退订回QX)';
const WORDS_FORM = 'words of letters and digits alone or of neither, separated by commas';

const port = (fallback: number) => z.coerce.number().int().min(0).max(65535).default(fallback);
const url = z.url({ protocol: /^https?$/ });
const secret = z.string().min(8);
/** A reconcile reads 28 days back. */
const days = (fallback: number) => z.coerce.number().int().min(35).max(36_500).default(fallback);

/** Touches of waves; a channel without one is not limited. */
const perSecond = z.coerce.number().min(0.1).max(10_000);

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
  TIMEZONE: z
    .string()
    .refine(isZone, 'an IANA zone such as Asia/Shanghai')
    .default('Asia/Shanghai'),
  WECOM_BASE_URL: url.default('https://qyapi.weixin.qq.com'),
  WECOM_CORP_ID: z.string().min(1).optional(),
  WECOM_CORP_SECRET: z.string().min(1).optional(),
  /** Part of the app's identity; nothing sopflow asks of WeCom needs it today. */
  WECOM_AGENT_ID: z.coerce.number().int().optional(),
  /** Token and key of the callback, as set in the WeCom console. */
  WECOM_TOKEN: z.string().max(32).optional(),
  WECOM_ENCODING_AES_KEY: z.string().length(43).optional(),
  WECOM_PER_SECOND: perSecond.optional(),
  SMS_BASE_URL: url.optional(),
  SMS_KEY: secret.optional(),
  /** Stands before every SMS as 【…】; carriers drop texts without the one that is registered with them. */
  SMS_SIGNATURE: z
    .string()
    .refine((given) => signatureOf(given) !== null, SIGNATURE_FORM)
    .optional(),
  /** Ends every marketing SMS that does not say it already; gateways differ in the words they want. */
  SMS_REFUSAL_NOTE: z
    .string()
    .min(1)
    .max(50)
    .refine(namesRefusal, NOTE_FORM)
    .default('拒收请回复R'),
  /** Further words with which customers of this deployment refuse, separated by commas. */
  SMS_REFUSAL_WORDS: z
    .string()
    .transform((text) => text.split(/[,，、]/).map((word) => word.trim()))
    .refine((words) => words.every(isRefusalWord), WORDS_FORM)
    .optional(),
  SMS_PER_SECOND: perSecond.optional(),
  /** Signs the call-backs of the SMS gateway, and of nobody else. */
  SMS_WEBHOOK_SECRET: secret.optional(),
  CRM_BASE_URL: url.optional(),
  CRM_KEY: secret.optional(),
  CRM_WEBHOOK_SECRET: secret.optional(),
  IOP_BASE_URL: url.optional(),
  IOP_KEY: secret.optional(),
  IOP_WEBHOOK_SECRET: secret.optional(),
  /** Calls. */
  IOP_PER_SECOND: perSecond.optional(),
  /** Bearer key that `/metrics` asks for; absent: whoever reaches the port may read the figures. */
  METRICS_KEY: secret.optional(),
  /** Pause between two fetches of the IOP pool, in seconds. */
  LEAD_POLL_SECONDS: z.coerce.number().int().min(1).default(15),
  /** Days for which imports of files are kept that have ended, with the rows that they refused. */
  SOPFLOW_RETAIN_IMPORTS_DAYS: z.coerce.number().int().min(1).default(30),
  /** First admin key; made and shown once when absent. */
  SOPFLOW_ADMIN_KEY: secret.optional(),
  /** Sign the ledger: `id:secret`, several separated by commas. Without any, whoever writes to the database can rewrite it unnoticed. */
  SOPFLOW_LEDGER_KEYS: z
    .string()
    .regex(LEDGER_KEYS, 'id:secret, several separated by commas, secrets of at least 16 characters')
    .optional(),
  /** Which of them signs; absent: the last. */
  SOPFLOW_LEDGER_KEY_ID: z.string().min(1).optional(),
  /** Makes the pseudonyms by which the ledger's codes know contacts; never changed. Without it nobody can be forgotten. */
  SOPFLOW_PSEUDONYM_KEY: z.string().min(16).optional(),
  /** Until when the ledger was written without a key. */
  SOPFLOW_LEDGER_UNKEYED_UNTIL: z.iso.datetime({ offset: true }).optional(),
  /** The file of the worker's host to which the seals of the ledger are written. */
  SOPFLOW_SEALS_FILE: z.string().min(1).optional(),
  /** Days after which what came in and was done with goes; longer than what a reconcile reads back, or that would be new again. */
  SOPFLOW_RETAIN_INBOX_DAYS: days(180),
  /** Days after which the texts that were sent go, except of open tasks. */
  SOPFLOW_RETAIN_DELIVERIES_DAYS: days(180),
  /** Events of customers, which triggers can be played over. */
  SOPFLOW_RETAIN_EVENTS_DAYS: days(35),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export type Config = z.infer<typeof schema>;

/** Each signs for its own system alone: a secret that two vendors know lets the one speak for the other. */
const OWN_SECRETS = ['SMS_WEBHOOK_SECRET', 'CRM_WEBHOOK_SECRET', 'IOP_WEBHOOK_SECRET'] as const;

/** Settings that are gone, and what stands in their place: passed over silently, a system could call back no more. */
const GONE: Readonly<Record<string, string>> = { WEBHOOK_SECRET: OWN_SECRETS.join(', ') };

/** Names that are ours by their beginning: one the schema does not know is a slip of the pen, and would be passed over silently. */
const OURS = /^(SOPFLOW|WECOM|SMS|CRM|IOP|TEMPORAL|MONGODB)_|^WEBHOOK_SECRET$/;
/** Read by the command line, the demo, the tests and docker-compose.yml. */
const READ_ELSEWHERE =
  /^(SOPFLOW_(DATA|URL|KEY|CACHE|MAVEN_MIRROR|BOOTSTRAP|(TEST|BENCH)_\w+)|TEMPORAL_UI_PORT|MONGODB_(PASSWORD|ROOT_PASSWORD|REPLICA_KEY))$/;
/** Set by others: by Kubernetes for services of such names, and for the tools of Temporal. */
const FOREIGN = /_(SERVICE|PORT)(_|$)|^TEMPORAL_(CLI|CODEC|CONFIG|ENV|GRPC|PROFILE|TLS)(_|$)/;

const isUnknown = (name: string): boolean =>
  OURS.test(name) && !(name in schema.shape) && !READ_ELSEWHERE.test(name) && !FOREIGN.test(name);

/**
 * Reads the configuration. An empty variable counts as absent.
 * @throws CodedError INVALID_INPUT naming every bad or unknown variable and what is allowed.
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  const unknown = Object.keys(given).filter(isUnknown);
  const shared = OWN_SECRETS.filter((name, i) =>
    OWN_SECRETS.slice(0, i).some(
      (other) => given[name] !== undefined && given[name] === given[other],
    ),
  );
  const unsigned = given.SMS_BASE_URL !== undefined && given.SMS_SIGNATURE === undefined;
  const isGood = unknown.length === 0 && shared.length === 0 && !unsigned;
  if (parsed.success && isGood) return parsed.data;

  const known = Object.keys(schema.shape);
  const issues = [
    ...(parsed.error?.issues ?? []).map((issue) => ({
      path: issue.path.join('.'),
      message: issue.message,
    })),
    ...unknown.map((path) => ({
      path,
      message: `unknown variable; allowed: ${GONE[path] ?? alike(path, known).join(', ')}`,
    })),
    ...shared.map((path) => ({ path, message: 'the secret of another system: each has its own' })),
    ...(unsigned
      ? [{ path: 'SMS_SIGNATURE', message: `missing; allowed: ${SIGNATURE_FORM}` }]
      : []),
  ];

  throw new CodedError(
    'INVALID_INPUT',
    `bad configuration: ${issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ')}`,
    issues,
  );
}

/** @throws CodedError INVALID_INPUT when the key that signs is none of those given */
export const ledgerKeysOf = (config: Config): KeyRing =>
  readKeyRing(
    config.SOPFLOW_LEDGER_KEYS,
    config.SOPFLOW_LEDGER_KEY_ID,
    config.SOPFLOW_LEDGER_UNKEYED_UNTIL &&
      new Date(config.SOPFLOW_LEDGER_UNKEYED_UNTIL).toISOString(),
    config.SOPFLOW_PSEUDONYM_KEY,
  );

/** Reads what customers answer, with the words that our own note asks for. */
export const answerReaderOf = ({
  SMS_REFUSAL_NOTE: note,
  SMS_REFUSAL_WORDS: words = [],
}: Pick<Config, 'SMS_REFUSAL_NOTE' | 'SMS_REFUSAL_WORDS'>): RefusalReader =>
  refusalReader({ note, words });

/** Those of the same system. */
function alike(name: string, known: readonly string[]): readonly string[] {
  const [prefix = ''] = name.split('_', 1);
  return known.filter((each) => each.startsWith(`${prefix}_`));
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
