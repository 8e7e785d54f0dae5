// The triggers that fire now, compiled once: versions never change, so they are read and compiled when others are enabled.

import type { Version } from '../../ports/library';
import type { Stores } from '../../ports/stores';
import { versionRef } from '../../rules/base/ids';
import { type CompiledTriggers, compileTriggers } from '../../rules/trigger/compileTriggers';
import type { Trigger } from '../../rules/trigger/trigger';
import type { TriggerBody } from '../../rules/trigger/trigger.schema';

type TriggerStores = Pick<Stores, 'triggers' | 'triggerLives'>;

/** Answers what is enabled at the moment of asking: one small read, whatever the triggers. */
export function triggersInForce(stores: TriggerStores): () => Promise<CompiledTriggers> {
  let latest = { key: '', compiled: compileTriggers([]) };

  return async () => {
    const enabled = await stores.triggerLives.enabled();
    const key = enabled.map(({ triggerId, version }) => versionRef(triggerId, version)).join();
    if (key !== latest.key)
      latest = { key, compiled: compileTriggers(await versionsOf(stores, enabled)) };
    return latest.compiled;
  };
}

/** Those that fire now, of every city. */
export const enabledTriggers = async (stores: TriggerStores): Promise<readonly Trigger[]> =>
  versionsOf(stores, await stores.triggerLives.enabled());

async function versionsOf(
  { triggers }: TriggerStores,
  enabled: Awaited<ReturnType<TriggerStores['triggerLives']['enabled']>>,
): Promise<readonly Trigger[]> {
  const versions = await Promise.all(
    enabled.map(({ triggerId, version }) => triggers.find(triggerId, version)),
  );
  return versions.flatMap((found) => (found ? triggerOf(found) : []));
}

/** A version as the rule is tested. */
export const triggerOf = ({ id, version, body }: Version<TriggerBody>): Trigger => ({
  ...body,
  ...{ id, version, enabled: true },
});
