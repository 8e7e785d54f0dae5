// Loads the demo over HTTP, as a deployment would: what is sold and allowed, the customers, the simulated people, and then time.

import { CodedError } from '../rules/base/errors';
import type { Policy } from '../rules/policy/policy.schema';
import type { HolidayTable } from '../rules/time/holidays';
import { type Ask, caller } from './ask';
import { type DemoCalendar, putInForce } from './loadCalendar';
import { type DemoTrigger, enableTriggers } from './loadTriggers';
import { demoPolicy, demoWindowCovers } from './province/policy';
import { createProvince, type Province } from './province/province';
import type { WorldChange } from './world/options';

/** As it is drafted. */
export interface DemoSequence {
  readonly id: string;
  readonly body: unknown;
}

export interface DemoTarget {
  readonly apiUrl: string;
  /** An admin key. */
  readonly key: string;
  readonly sandboxUrl: string;
  readonly holidays: HolidayTable;
  /** Put in force, unless there is one of its name. */
  readonly calendar?: DemoCalendar;
  /** Published, unless there is one of the name. */
  readonly sequences?: readonly DemoSequence[];
  /** Enabled, unless somebody has decided over them. */
  readonly triggers?: readonly DemoTrigger[];
  readonly log: (line: string) => void;
  readonly seed?: number;
  /** The instant of loading; the policy's quiet window is laid far from it. */
  readonly now?: () => number;
}

const SEED = 1;
const ROWS_A_BATCH = 1000;

/** Lively enough that every journey begins within a minute, and staff and customers answer while one watches. */
const DEMO_WORLD: WorldChange = {
  running: true,
  friendsPerMinute: 12,
  usagePerMinute: 60,
  billsPerMinute: 20,
  paymentsPerMinute: 6,
  leadsPerMinute: 8,
  chatsPerMinute: 10,
  deletionsPerMinute: 1,
  confirmDelayMinutes: 0.4,
  acceptRate: 0.35,
  openRate: 0.3,
  refuseRate: 0.05,
  chatRate: 0.1,
  reactionDelaySeconds: 8,
  smsFailRate: 0,
  orderRejectRate: 0.05,
};

/** Loading again loads nothing twice: what is published, imported or running already is left as it is. */
export async function loadDemo(target: DemoTarget): Promise<void> {
  const api = caller(target.apiUrl, { authorization: `Bearer ${target.key}` });
  const sandbox = caller(target.sandboxUrl, {});
  const province = createProvince(target.seed ?? SEED);
  await publishAll(api, province, target);
  await importContacts(api, province, target);
  if (target.calendar) await putInForce(api, target.calendar, target);
  await enableTriggers(api, target.triggers ?? [], target.log);
  await people(sandbox, province, target);
}

async function publishAll(
  api: Ask,
  { catalogue, templates }: Province,
  { holidays, sequences = [], now = Date.now, log }: DemoTarget,
): Promise<void> {
  const drafts: [noun: string, id: string, body: unknown][] = [
    ['catalogues', 'default', catalogue],
    ['holidays', 'cn', holidays],
    ...Object.entries(templates).map(([id, body]): [string, string, unknown] => [
      'templates',
      id,
      body,
    ]),
    // After what they say: a sequence is published once all that it refers to is.
    ...sequences.map(({ id, body }): [string, string, unknown] => ['sequences', id, body]),
  ];
  let published = 0;

  for (const [noun, id, body] of drafts)
    if ((await current(api, noun, id)) === null) {
      await publish(api, noun, id, body);
      published += 1;
    }

  if (await publishPolicy(api, new Date(now()).toISOString())) published += 1;
  if (published > 0)
    log(
      `已发布 ${published} 项策略、话术、目录与序列 · published ${published} policies, templates, catalogues and sequences`,
    );
}

const current = (api: Ask, noun: string, id: string): Promise<unknown> =>
  api('GET', `/api/v1/${noun}/${id}`);

async function publish(api: Ask, noun: string, id: string, body: unknown): Promise<void> {
  const { version } = (await api('POST', `/api/v1/${noun}`, { id, body })) as { version: number }; // the API's own contract
  await api('POST', `/api/v1/${noun}/${id}/versions/${version}:publish`);
}

/** A demo started again at another hour gets its quiet window moved away; a policy that somebody else wrote is left alone. */
async function publishPolicy(api: Ask, nowIso: string): Promise<boolean> {
  const inForce = (await current(api, 'policies', 'default')) as { body?: Partial<Policy> } | null;
  if (inForce !== null && !demoWindowCovers(inForce.body ?? {}, nowIso)) return false;
  await publish(api, 'policies', 'default', demoPolicy(nowIso));
  return true;
}

async function importContacts(
  api: Ask,
  { customers }: Province,
  { log }: DemoTarget,
): Promise<void> {
  const last = customers.at(-1)?.contactId ?? '';
  if ((await api('GET', `/api/v1/contacts/${last}`)) !== null) return;

  for (const contacts of batches(customers)) {
    const { refused, rows } = (await api('PUT', '/api/v1/contacts:batch', { contacts })) as {
      refused: number;
      rows: { status: string }[];
    };
    if (refused > 0)
      throw new CodedError(
        'INVALID_INPUT',
        `the API refused ${refused} of the demo's contacts: ${JSON.stringify(rows.find((row) => row.status === 'refused'))}`,
      );
  }

  log(`已导入 ${customers.length} 位客户 · imported ${customers.length} customers`);
}

async function people(
  sandbox: Ask,
  { customers, staff, catalogue }: Province,
  { log }: DemoTarget,
): Promise<void> {
  const state = (await sandbox('GET', '/sandbox/state')) as { products: number }; // the sandbox's own contract
  if (state.products > 0) return;

  await sandbox('PUT', '/sandbox/staff:batch', { staff });
  for (const rows of batches(customers))
    await sandbox('PUT', '/sandbox/customers:batch', { customers: rows });
  await sandbox('POST', '/sandbox/world', DEMO_WORLD);
  await sandbox('PUT', '/sandbox/products:batch', { products: catalogue.products }); // last: says that all is loaded
  log(
    `沙箱：${staff.length} 名员工与 ${customers.length} 位客户开始活动 · sandbox: ${staff.length} staff and their customers come alive`,
  );
}

function batches<T>(rows: readonly T[]): T[][] {
  const count = Math.ceil(rows.length / ROWS_A_BATCH);
  return Array.from({ length: count }, (_, index) =>
    rows.slice(index * ROWS_A_BATCH, (index + 1) * ROWS_A_BATCH),
  );
}
