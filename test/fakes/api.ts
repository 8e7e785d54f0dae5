// The whole API over fakes, with keys of every role, real codecs and a clock that stands still.

import { createHmac } from 'node:crypto';
import { Registry } from 'prom-client';
import request from 'supertest';
import { createApp } from '../../api/app';
import { addBookMetrics } from '../../api/bookMetrics';
import type { ApiDeps } from '../../api/deps';
import { createMetrics } from '../../api/metrics';
import { hashOf } from '../../api/secrets';
import { inCustomersLane } from '../../intake/customer';
import { createHandler } from '../../intake/handlers';
import { createProcessor } from '../../intake/processor';
import { runLinks } from '../../integrations/temporal/links';
import { createSystemWatch } from '../../integrations/watch';
import { createWebhookCodec } from '../../integrations/webhook';
import { createWecomCodec, seal } from '../../integrations/wecom/callback';
import { createMemoryStores } from '../../models/memory/stores';
import type { Key, Role } from '../../ports/auth';
import type { CallbackSystem } from '../../ports/callbacks';
import type { Log } from '../../ports/log';
import type { WecomCustomer } from '../../ports/wecom';
import { createPreviews } from '../../rehearsal/previews';
import { createCalendarCounts } from '../../reports/calendar/jobs';
import { createPolicyReplays } from '../../reports/policyReplay/jobs';
import { createTriggerReplays } from '../../reports/triggerReplay/jobs';
import { CHANNEL_NAMES } from '../../rules/contact/contact';
import { type RefusalReader, refusalReader } from '../../rules/contact/refusal';
import { type KeyRing, NO_KEYS } from '../../rules/ledger/keyRing';
import { createFakeEngine } from './engine';
import { holdsAll } from './holdings';
import { createFakeWaits } from './waits';

export const NOW = Date.parse('2026-03-02T02:00:00.000Z');
export const WEBHOOK_SECRETS = { sms: 'sms-secret', crm: 'crm-secret', iop: 'iop-secret' };
export const WECOM = {
  corpId: 'ww1',
  token: 'token1',
  encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
};
const SWEEP_MS = 3000;

/** Of a deployment that speaks on all of them. */
const CHANNELS = CHANNEL_NAMES.map((name) => ({ name, maxBytes: 2000 }));
const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** @param ledgerKeys sign the ledger, and give contacts their pseudonyms */
export async function createFakeApi(
  overrides: Partial<ApiDeps> = {},
  readAnswer: RefusalReader = refusalReader(),
  ledgerKeys: KeyRing = NO_KEYS,
) {
  const stores = createMemoryStores(ledgerKeys.current);
  const engine = createFakeEngine();
  const waits = createFakeWaits();
  const time = { now: NOW };
  const clock = { now: () => time.now };
  const customers = new Map<string, WecomCustomer>();
  const wecom = {
    customer: async (externalUserId: string) => customers.get(externalUserId) ?? null,
  };
  const registry = new Registry();
  const metrics = createMetrics(registry, stores, clock);
  addBookMetrics(registry, stores, clock);
  const handle = createHandler({
    stores,
    engine,
    wecom,
    readAnswer,
    clock,
    log: silent,
    timezone: 'Asia/Shanghai',
    subjectOf: ledgerKeys.subjectOf,
  });
  const processor = createProcessor({
    inbox: stores.inbox,
    holdings: holdsAll(),
    place: (item) => inCustomersLane(stores, item),
    handle,
    clock,
    log: silent,
    metrics,
    wait: waits.wait,
  });
  const deps: ApiDeps = {
    stores,
    engine,
    intake: processor,
    policyReplays: createPolicyReplays({ clock, log: silent }),
    triggerReplays: createTriggerReplays({ clock, log: silent }),
    previews: createPreviews({ stores, channels: CHANNELS, clock, log: silent }),
    calendarCounts: createCalendarCounts({ clock, log: silent }),
    ledgerKeys,
    clock,
    log: silent,
    metrics,
    watch: createSystemWatch(stores.conditions, clock, silent),
    wecomCodec: createWecomCodec({ ...WECOM, clock }),
    webhookCodec: createWebhookCodec({ secrets: WEBHOOK_SECRETS, clock }),
    timezone: 'Asia/Shanghai',
    readAnswer,
    runLink: runLinks('http://ui.test', 'default'),
    probes: { mongo: async () => {}, temporal: () => engine.ping() },
    ...overrides,
  };
  const app = createApp(deps);

  /** Makes a key and answers its Authorization header. */
  async function keyFor(role: Role, cities?: readonly string[]): Promise<string> {
    const secret = `secret-${role}-${cities?.join('-') ?? 'all'}`;
    const key: Key = {
      keyId: `key-${secret}`,
      name: role,
      role,
      createdAt: '2026-01-01T00:00:00.000Z',
      ...(cities && { cities }),
    };
    if ((await stores.keys.findByHash(hashOf(secret))) === null)
      await stores.keys.add(key, hashOf(secret));
    return `Bearer ${secret}`;
  }

  return {
    app,
    deps,
    time,
    stores,
    engine,
    waits,
    processor,
    customers,
    handle,
    keyFor,
    /** Calls as admin unless another header is given. */
    async call(
      method: 'get' | 'post' | 'put' | 'patch' | 'delete',
      path: string,
      body?: unknown,
      authorization?: string,
    ) {
      const asked = request(app)
        [method](path)
        .set('Authorization', authorization ?? (await keyFor('admin')));
      return body === undefined ? asked : asked.send(body as object);
    },
    /** Starts the processor and waits until what was pending has been handled or waits for a retry. */
    async process() {
      processor.start();
      await waits.until(SWEEP_MS);
      await processor.idle();
    },
  };
}

const SENDERS: Readonly<Record<string, CallbackSystem>> = { order: 'crm', call: 'iop' };

/** A call-back of SMS, CRM or IOP, signed by the system whose kind it is: the body and its headers. */
export function signed(body: Readonly<Record<string, unknown>>, at = NOW, secret?: string) {
  const system = SENDERS[String(body.type)] ?? 'sms';
  const text = JSON.stringify(body);
  const timestamp = String(Math.floor(at / 1000));
  const signature = createHmac('sha256', secret ?? WEBHOOK_SECRETS[system])
    .update(`${timestamp}./${system}/callback.${text}`)
    .digest('hex');
  return {
    text,
    headers: {
      'Content-Type': 'application/json',
      'X-Timestamp': timestamp,
      'X-Signature': signature,
    },
  };
}

/** An event as WeCom posts it: the query and the XML. */
export function sealedEvent(
  fields: Readonly<Record<string, string | number>>,
  options: Partial<typeof WECOM> = {},
) {
  const xml = `<xml>${Object.entries(fields)
    .map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`)
    .join('')}</xml>`;
  return seal({ ...WECOM, ...options }, xml, String(Math.floor(NOW / 1000)), 'nonce-1');
}

/** The API with one customer in Guangzhou who can be reached by SMS. */
export async function withContact() {
  const api = await createFakeApi();
  await api.call('put', '/api/v1/contacts:batch', [
    { contactId: 'c-1', city: 'guangzhou', channels: { sms: { reachable: true } } },
  ]);
  return api;
}

/** The same, with a run of `monthStart` going. */
export async function withRun() {
  const api = await withContact();
  await api.call('post', '/api/v1/journeys/monthStart/runs', {
    contactId: 'c-1',
    billedAt: '2026-02-28T16:00:00Z',
  });
  return api;
}
