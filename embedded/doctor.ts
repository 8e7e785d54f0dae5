// Says of everything sopflow stands on whether it is there, which one would be taken, and how to mend what is missing.

import { chineseHolidays } from '../models/chineseHolidays';
import { unannouncedYears } from '../rules/time/announced';
import type { HolidayTable } from '../rules/time/holidays';
import { accessOf, withoutPassword } from './access';
import { findMongod, ping } from './mongo';
import { checkJava } from './mongo/standin';
import { findTemporal } from './temporal';
import { checkGo } from './temporal/build';
import { assertResolves, DOWNLOAD_URL } from './temporal/download';
import { tryConnect } from './temporal/ready';

export interface Finding {
  readonly name:
    | 'Node'
    | 'Go'
    | 'Java'
    | 'Temporal'
    | 'MongoDB'
    | 'WeCom'
    | 'SMS'
    | 'CRM'
    | 'IOP'
    | 'Holidays'
    | 'Ledger';
  /**
   * `ok`: there. `stand-in`: a substitute for evaluation serves. `spare`: absent and not needed. `missing`: needed.
   * `refusing`: there, and what asks it is kept waiting.
   */
  readonly state: 'ok' | 'stand-in' | 'spare' | 'missing' | 'refusing';
  /** Version, address, and which one is taken. */
  readonly found: string;
  /** How to mend it: 中文 · English. */
  readonly mend?: string;
}

const SYSTEMS = { WeCom: 'WECOM', SMS: 'SMS', CRM: 'CRM', IOP: 'IOP' } as const;
const PROBE_MS = 3_000;

/**
 * Looks at everything side by side; makes, downloads and starts nothing.
 * @param api address of the running sopflow, whose processes know which systems refuse it; absent: none runs
 * @param holidays what it has published, as far as it could be asked
 */
export async function doctor(
  env: NodeJS.ProcessEnv = process.env,
  api?: string,
  holidays?: PublishedHolidays,
): Promise<Finding[]> {
  const [go, java] = await Promise.all([checkGo(env), checkJava(env)]);
  const [temporal, mongo] = await Promise.all([
    temporalFinding(env, go.fits),
    mongoFinding(env, java.fits),
  ]);
  const systems = Object.keys(SYSTEMS) as (keyof typeof SYSTEMS)[];
  return [
    { name: 'Node', state: 'ok', found: `${process.versions.node} (${process.execPath})` },
    tool(
      'Go',
      go.fits ? `${go.version} (${go.path})` : undefined,
      go.fits ? '' : go.why,
      temporal.state === 'missing',
    ),
    tool(
      'Java',
      java.fits ? `${java.version} (${java.java})` : undefined,
      java.fits ? '' : java.why,
      mongo.state === 'missing',
    ),
    temporal,
    mongo,
    ...(await Promise.all(
      systems.map((name) => systemFinding(name, env[`${SYSTEMS[name]}_BASE_URL`])),
    )),
    ledgerFinding(env),
    holidayFinding(new Date(), holidays),
    ...(api === undefined ? [] : await refusals(api)),
  ];
}

/** Whether nothing needed is missing, and no system refuses us. */
export function isHealthy(findings: readonly Finding[]): boolean {
  return findings.every(({ state }) => state !== 'missing' && state !== 'refusing');
}

function tool(
  name: 'Go' | 'Java',
  version: string | undefined,
  why: string,
  needed: boolean,
): Finding {
  if (version) return { name, state: 'ok', found: version };

  const builds = name === 'Go' ? 'Temporal' : 'MongoDB';
  if (needed)
    return {
      name,
      state: 'missing',
      found: why,
      mend: `安装 ${name} · install it: ${builds} is then provided by itself`,
    };

  return { name, state: 'spare', found: `${why}; 不需要 · not needed, ${builds} is there` };
}

async function temporalFinding(env: NodeJS.ProcessEnv, canBuild: boolean): Promise<Finding> {
  const name = 'Temporal';
  const address = env.TEMPORAL_ADDRESS;
  if (address) {
    const connection = await tryConnect({ address, ...accessOf(env) });
    await connection?.close();
    if (connection) return { name, state: 'ok', found: `TEMPORAL_ADDRESS=${address}` };

    const mend =
      '启动该服务，或取消 TEMPORAL_ADDRESS 以自动准备 · start it, or unset TEMPORAL_ADDRESS to have one made';

    return { name, state: 'missing', found: `TEMPORAL_ADDRESS=${address} does not answer`, mend };
  }

  const { choice, passed } = await findTemporal(env);
  if (choice) return { name, state: 'ok', found: `${choice.taken}: ${choice.why}` };

  const because = passed.join('; ');
  if (await resolves(DOWNLOAD_URL)) {
    return {
      name,
      state: 'ok',
      found: `${because}; 首次启动时下载 · will be downloaded at the first start`,
    };
  }

  if (canBuild) {
    return {
      name,
      state: 'ok',
      found: `${because}; 首次启动时编译，约十分钟 · will be built at the first start, about ten minutes`,
    };
  }

  const mend =
    '安装 Go，或安装 Temporal CLI，或设置 TEMPORAL_ADDRESS · install Go or the Temporal CLI, or set TEMPORAL_ADDRESS=host:port';

  return { name, state: 'missing', found: because, mend };
}

async function mongoFinding(env: NodeJS.ProcessEnv, hasJava: boolean): Promise<Finding> {
  const name = 'MongoDB';
  if (env.MONGODB_URI) {
    const place = withoutPassword(env.MONGODB_URI);
    if (await ping(env.MONGODB_URI)) return { name, state: 'ok', found: `MONGODB_URI=${place}` };

    const mend =
      '启动该服务，或取消 MONGODB_URI 以自动准备 · start it, or unset MONGODB_URI to have one made';
    return { name, state: 'missing', found: `MONGODB_URI=${place} does not answer`, mend };
  }

  const { mongod, passed } = await findMongod(env);
  if (mongod) return { name, state: 'ok', found: `${mongod.taken}: ${mongod.why}` };

  const because = passed.join('; ');
  if (hasJava) {
    const found = `${because}; 使用 Java 替身，仅供评估 · a stand-in on Java serves, for evaluation only`;
    return {
      name,
      state: 'stand-in',
      found,
      mend: '生产请设置 MONGODB_URI · for production set MONGODB_URI',
    };
  }

  const mend =
    '安装 JDK 17 或 MongoDB，或设置 MONGODB_URI · install a JDK 17 or MongoDB, or set MONGODB_URI';

  return { name, state: 'missing', found: because, mend };
}

async function systemFinding(
  name: keyof typeof SYSTEMS,
  url: string | undefined,
): Promise<Finding> {
  const variable = `${SYSTEMS[name]}_BASE_URL`;
  if (!url)
    return {
      name,
      state: 'stand-in',
      found: `未设置 ${variable}，由沙箱替代 · ${variable} is not set: the sandbox stands in`,
    };

  try {
    // Any answer over HTTP proves the way there; what a real system says to a bare GET differs.
    const response = await fetch(url, {
      signal: AbortSignal.timeout(PROBE_MS),
      redirect: 'manual',
    });
    await response.body?.cancel();
    return { name, state: 'ok', found: `${url} (HTTP ${response.status})` };
  } catch (error) {
    const cause = (error as Error).cause;
    const why = cause instanceof Error ? cause.message : (error as Error).message;
    const mend = `检查网络与 ${variable}，或取消设置以使用沙箱 · check the network and ${variable}, or unset it to use the sandbox`;
    return { name, state: 'missing', found: `${url}: ${why}`, mend };
  }
}

interface Refusing {
  readonly system: string;
  readonly code: string;
  readonly fault: 'ours' | 'theirs';
  readonly since: string;
  readonly times: number;
}

/** What the servers and workers of a running sopflow have met; a sopflow that does not answer has nothing to tell. */
async function refusals(api: string): Promise<Finding[]> {
  const answer = await fetch(`${api}/readyz`, { signal: AbortSignal.timeout(PROBE_MS) })
    .then((response) => response.json())
    .catch(() => ({}));
  const { systems = [] } = answer as { readonly systems?: readonly Refusing[] };

  return systems.map(refusalFinding);
}

function refusalFinding({ system, code, fault, since, times }: Refusing): Finding {
  const [prefix = ''] = system.split('-');
  const name = (Object.keys(SYSTEMS) as (keyof typeof SYSTEMS)[]).find(
    (each) => SYSTEMS[each] === prefix.toUpperCase(),
  );
  const found = `${system}: ${code}, 自 since ${since}, ${times} 次 times`;
  const mend =
    fault === 'ours'
      ? '检查密钥、地址、证书与权限：见 docs/operations.md · check secret, address, certificate and rights: see docs/operations.md'
      : '对方系统的问题，恢复后自动继续 · theirs: what waits goes on by itself once it works again';

  return { name: name ?? 'WeCom', state: 'refusing', found, mend };
}

/** The demo makes a key for itself; production must not run without one unnoticed. */
function ledgerFinding({ SOPFLOW_LEDGER_KEYS: keys, NODE_ENV }: NodeJS.ProcessEnv): Finding {
  const name = 'Ledger';
  if (keys) return { name, state: 'ok', found: '台账已签名 · the ledger is signed' };

  return {
    name,
    state: NODE_ENV === 'production' ? 'missing' : 'stand-in',
    found:
      '未设置 SOPFLOW_LEDGER_KEYS，仅演示环境自带密钥 · SOPFLOW_LEDGER_KEYS is not set: only the demo has a key of its own',
    mend: '设置 SOPFLOW_LEDGER_KEYS=<编号>:<密钥>，否则能写库者可改写台账而不被发现 · set SOPFLOW_LEDGER_KEYS=<id>:<secret>, or who can write to the database can rewrite the ledger unnoticed',
  };
}

/** What is known of the holiday table that a running sopflow decides by; `none`: it has published none. */
export type PublishedHolidays = Pick<HolidayTable, 'days' | 'predicted'> | 'none';

/** Of this year and, from November on, the next. Without a running sopflow the table that sopflow brings is judged. */
export function holidayFinding(now: Date, published?: PublishedHolidays): Finding {
  const name = 'Holidays';
  if (published === 'none')
    return {
      name,
      state: 'stand-in',
      found:
        '未发布节假日表 cn，只按普通周末判断 · no holiday table "cn" is published: weekends stand in',
      mend: MEND_HOLIDAYS,
    };

  const year = now.getUTCFullYear();
  const lastYear = now.getUTCMonth() < 10 ? year : year + 1;
  const missing = unannouncedYears(published ?? chineseHolidays(), year, lastYear);
  const [zh, en] = published ? ['已发布的', 'published'] : ['自带', 'built-in'];
  if (missing.length === 0)
    return { name, state: 'ok', found: `${zh}节假日表：${year} 已公布 · ${en} table: announced` };

  const years = missing.map((one) => one.year);
  return {
    name,
    state: 'stand-in',
    found: `${zh}节假日表中 ${years.join('、')} 年尚未公布，只按普通周末判断 · the ${en} table has no announced holidays of ${years.join(', ')}: weekends stand in`,
    mend: MEND_HOLIDAYS,
  };
}

const MEND_HOLIDAYS =
  '国务院公布后运行 sopflow import holidays <文件> --publish · once they are announced, run sopflow import holidays <file> --publish';

function resolves(url: string): Promise<boolean> {
  return assertResolves(new URL(url).hostname).then(
    () => true,
    () => false,
  );
}
