// Stores with a policy, a text and contacts in them, and the touch activity over them, for parts that measure touches.

import type { TouchInput } from '../activities/contract';
import type { ActivityDeps } from '../activities/deps';
import { createPublished } from '../activities/published';
import type { TouchCall } from '../activities/touch/touch';
import type { Channel } from '../ports/channel';
import type { Clock } from '../ports/clock';
import type { Stores } from '../ports/stores';
import type { Policy } from '../rules/policy/policy.schema';
import { createFakeEngine } from '../test/fakes/engine';

export const contactIds = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `c-${String(i + 1).padStart(5, '0')}`);

export async function publishPolicy(
  stores: Stores,
  policy: Omit<Policy, 'id' | 'version'>,
  at: string,
): Promise<void> {
  const body = { id: 'default', version: 1, ...policy };
  const { version } = await stores.policies.draft('default', body, 'bench', at);
  await stores.policies.publish('default', version, 'bench', at);
}

/** A policy, the text `t@1` and contacts who can be reached by SMS. */
export async function loadCustomers(
  stores: Stores,
  ids: readonly string[],
  policy: Omit<Policy, 'id' | 'version'>,
  at: string,
): Promise<void> {
  await publishPolicy(stores, policy, at);
  await stores.templates.draft(
    't',
    { channel: 'sms', class: 'marketing', text: '{{name}} 您好' },
    'bench',
    at,
  );

  for (let from = 0; from < ids.length; from += 500)
    await stores.contacts.upsertMany(
      ids.slice(from, from + 500).map((contactId, i) => ({
        contactId,
        city: 'yunfu',
        name: '客户',
        phone: `1990${String(from + i).padStart(7, '0')}`,
        channels: { sms: { reachable: true } },
        consents: { sms: { marketing: 'granted' as const } },
      })),
    );
}

const unused = <T extends object>(): T =>
  new Proxy({} as T, {
    get: (_, name) => () => Promise.reject(new Error(`${String(name)} is not part of a touch`)),
  });

/** What asks for touches: one per worker, for each keeps its own copy of what is published. */
export function createAsker(
  stores: Stores,
  channel: Channel,
  clock: Clock,
): (input: Pick<TouchInput, 'contactId' | 'touchId'> & Partial<TouchInput>) => TouchCall {
  const deps: ActivityDeps = {
    stores,
    channels: new Map([[channel.name, channel]]),
    engine: createFakeEngine(),
    wecom: unused(),
    orderDesk: unused(),
    leadPool: unused(),
    clock,
  };
  const published = createPublished(stores);

  return (input) => ({
    deps,
    published,
    execution: { isRepeat: false, isOver: () => false },
    caller: { workflowId: input.touchId.replace(/\/[^/]*$/, ''), runId: 'bench' },
    input: {
      attempt: 1,
      journey: 'overage',
      step: 'offer',
      channel: 'sms',
      class: 'marketing',
      template: 't@1',
      ...input,
    },
  });
}
