// A contact, a policy and texts in memory, and the touch activity over them: the smallest scenario of a touch.

import type { TouchInput } from '../../activities/contract';
import type { ActivityDeps } from '../../activities/deps';
import { createPublished } from '../../activities/published';
import type { TouchCall } from '../../activities/touch/touch';
import { createMemoryStores } from '../../models/memory/stores';
import type { Channel } from '../../ports/channel';
import type { Stores } from '../../ports/stores';
import type { Profile } from '../../rules/contact/contact';
import type { Policy } from '../../rules/policy/policy.schema';
import { createFakeEngine, type FakeEngine } from './engine';

export const NOON = Date.parse('2026-03-02T04:00:00.000Z');

export interface Scenario {
  readonly stores: Stores;
  readonly engine: FakeEngine;
  readonly time: { now: number };
  /** What the activity gets; `wrap` puts something between it and every store and channel. */
  ask(
    channels: readonly Channel[],
    input?: Partial<TouchInput>,
    wrap?: <T extends object>(target: T) => T,
  ): TouchCall;
}

const unused = <T extends object>(): T =>
  new Proxy({} as T, {
    get: (_, name) => () => Promise.reject(new Error(`${String(name)} is not part of a touch`)),
  });

export async function aScenario(
  over: {
    readonly policy?: Partial<Policy>;
    readonly profile?: Partial<Profile>;
    readonly text?: string;
    /** In memory unless given. */
    readonly stores?: Stores;
  } = {},
): Promise<Scenario> {
  const stores = over.stores ?? createMemoryStores();
  const time = { now: NOON };
  const engine = createFakeEngine();
  const at = new Date(NOON).toISOString();
  const policy: Policy = { id: 'default', version: 1, timezone: 'Asia/Shanghai', ...over.policy };
  await stores.policies.publish(
    'default',
    (await stores.policies.draft('default', policy, 'test', at)).version,
    'test',
    at,
  );
  const text = over.text ?? '{{name}} 您好';
  const texts = { sms: text, wecom: text, call: text };
  await stores.templates.draft('t', { class: 'marketing', texts }, 'test', at);
  await stores.templates.draft('t-service', { class: 'service', texts }, 'test', at);
  await stores.contacts.upsertMany([
    {
      contactId: 'c-1',
      city: 'yunfu',
      name: '王',
      phone: '19900000001',
      channels: { sms: { reachable: true }, wecom: { reachable: true } },
      relations: [{ staffId: 's-1', externalUserId: 'wm-1', state: 'friend', addedAt: at }],
      ...over.profile,
    },
  ]);
  /** Attempts that were asked before: asked again, it is a further execution. */
  const executed = new Set<string>();

  return {
    stores,
    engine,
    time,
    ask(channels, input = {}, wrap = (target) => target) {
      const watched = Object.fromEntries(
        Object.entries(stores).map(([name, store]) => [name, wrap(store as object)]),
      ) as unknown as Stores;
      const attempt = `${input.touchId ?? ''}#${input.attempt ?? 1}`;
      const deps: ActivityDeps = {
        stores: watched,
        channels: new Map(channels.map((channel) => [channel.name, wrap(channel)])),
        engine: wrap(engine),
        wecom: unused(),
        orderDesk: unused(),
        leadPool: unused(),
        clock: { now: () => time.now },
      };
      return {
        deps,
        published: createPublished(watched),
        execution: {
          get isRepeat() {
            const isKnown = executed.has(attempt);
            executed.add(attempt);
            return isKnown;
          },
          isOver: () => false,
        },
        caller: { workflowId: 'overage/c-1/e-1', runId: 'r-1' },
        input: {
          touchId: 'overage/c-1/e-1/offer',
          attempt: 1,
          contactId: 'c-1',
          journey: 'overage',
          step: 'offer',
          channel: 'sms',
          class: 'marketing',
          template:
            input.class === undefined || input.class === 'marketing' ? 't@1' : 't-service@1',
          ...input,
        },
      };
    },
  };
}
