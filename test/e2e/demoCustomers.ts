// For end-to-end tests: customers with names and numbers that must never leak, a policy, texts and products.

import { setTimeout as delay } from 'node:timers/promises';
import type { Reach } from './reach';

type ApiAccess = Pick<Reach, 'ask' | 'control'>;

export const NAMES = ['欧阳测试甲', '司马测试乙', '诸葛测试丙'];
export const STAFF = ['s-1', 's-2'];

export interface DemoCustomer {
  readonly contactId: string;
  readonly name: string;
  readonly phone: string;
}

/** Texts carry this mark, so that one search finds any of them where it must not be. */
export const TEXT_MARK = '话术标记';

const TEMPLATES: Readonly<Record<string, readonly [channel: string, touchClass: string]>> = {
  welcome: ['wecom', 'service'],
  'welcome-store': ['wecom', 'service'],
  'welcome-evening': ['wecom', 'service'],
  'follow-up-spoke': ['wecom', 'marketing'],
  'follow-up-silent': ['wecom', 'marketing'],
  'follow-up-bought': ['wecom', 'service'],
  'overage-sms': ['sms', 'marketing'],
  'lead-wecom': ['wecom', 'marketing'],
  'lead-sms': ['sms', 'marketing'],
  'lead-call': ['call', 'marketing'],
};

/** Said by WeCom, or by SMS where that cannot be. */
const TEXTS_BOTH: Readonly<Record<string, string>> = {
  'bill-balance': 'service',
  'plan-upsell': 'marketing',
  'plan-reminder': 'marketing',
  'overage-offer': 'marketing',
};

const LOOK_MS = 50;

const textOf = (id: string): string => `${TEXT_MARK} ${id} {{name}} 拒收请回复R`;

const PRODUCTS = [
  { id: 'p-18', name: '18元套餐', kind: 'plan', fee: 18, onShelf: true },
  { id: 'p-58', name: '58元套餐', kind: 'plan', fee: 58, onShelf: true },
  { id: 'd-10', name: '10元流量包', kind: 'data-pack', fee: 10, onShelf: true },
];

export const demoCustomers = (count: number): DemoCustomer[] =>
  Array.from({ length: count }, (_, index) => ({
    contactId: `c-${String(index + 1).padStart(4, '0')}`,
    name: NAMES[index % NAMES.length] ?? '',
    phone: `1990007${String(index + 1).padStart(4, '0')}`,
  }));

async function publish(stack: ApiAccess, kind: string, id: string, body: unknown): Promise<void> {
  const { body: drafted } = await stack.ask('POST', `/api/v1/${kind}`, { id, body });
  const { version } = drafted as { version: number };
  await stack.ask('POST', `/api/v1/${kind}/${id}/versions/${version}:publish`, {});
}

/** Loads the customers; the policy has caps but no quiet hours, so that the tests run at any hour. */
export async function loadDemo(stack: ApiAccess, people: readonly DemoCustomer[]): Promise<void> {
  await publish(stack, 'policies', 'default', {
    timezone: 'Asia/Shanghai',
    maxDeferHours: 72,
    consent: [{ classes: ['marketing'], channels: ['sms', 'call'], need: 'granted' }],
    caps: [
      {
        id: 'day',
        classes: ['marketing'],
        per: ['channel'],
        limit: 2,
        window: { kind: 'calendar', unit: 'day' },
      },
    ],
  });
  for (const [id, [channel, touchClass]] of Object.entries(TEMPLATES))
    await publish(stack, 'templates', id, {
      channel,
      class: touchClass,
      text: textOf(id),
    });
  for (const [id, touchClass] of Object.entries(TEXTS_BOTH))
    await publish(stack, 'templates', id, {
      class: touchClass,
      texts: { wecom: textOf(id), sms: textOf(id) },
    });
  await publish(stack, 'catalogues', 'default', {
    products: PRODUCTS,
    migrations: [{ id: 'm-1', from: 'p-18', when: {}, to: 'p-58', priority: 1 }],
  });
  const contacts = people.map((person) => ({
    ...person,
    city: 'yunfu',
    unionId: `u-${person.contactId}`,
    plan: { id: 'p-18', fee: 18 },
    consents: { sms: { marketing: 'granted' }, call: { marketing: 'granted' } },
  }));
  await stack.control('staff:batch', {
    staff: STAFF.map((staffId) => ({ staffId, city: 'yunfu' })),
  });
  await stack.control('products:batch', { products: PRODUCTS });
  await stack.control('customers:batch', { customers: contacts });
  await stack.ask('PUT', '/api/v1/contacts:batch', contacts);
  await enableOverage(stack);
}

/** Who runs over the bundle is offered a data pack at once. */
async function enableOverage({ ask }: ApiAccess): Promise<void> {
  const body = {
    ...{
      city: '*',
      event: 'usage',
      journey: 'overage',
      when: { 'event.dataUsedPct': { $gte: 90 } },
    },
    offer: { product: 'd-10', template: 'overage-offer', channel: 'wecom', fallback: ['sms'] },
    ...{ expiresAfterMinutes: 120, cooldownHours: 72 },
  };
  const version = '/api/v1/triggers/overage/versions/1';
  await ask('POST', '/api/v1/triggers', { id: 'overage', body });
  const { body: started } = await ask('POST', `${version}:backtest`, {});
  let job = started as { readonly id: string; readonly state: string };
  while (job.state === 'running') {
    await delay(LOOK_MS);
    job = (await ask('GET', `/api/v1/trigger-backtests/${job.id}`)).body as typeof job;
  }
  await ask('POST', `${version}:enable`, {});
}
