// Triggers as the API sees them: what a caller may see and change of them, and how they are shown.

import type { Caller } from '../ports/auth';
import type { Version } from '../ports/library';
import type { Stores } from '../ports/stores';
import { CodedError, type Issue } from '../rules/base/errors';
import { versionRef } from '../rules/base/ids';
import { EVENT_TYPES } from '../rules/event/eventType.schema';
import { type TriggerFault, triggerFaults } from '../rules/journey/triggerFaults';
import { newTriggerLife, type TriggerLife } from '../rules/trigger/life';
import { EVERY_CITY } from '../rules/trigger/trigger';
import type { TriggerBody } from '../rules/trigger/trigger.schema';
import { triggerFaultWords } from '../rules/words/triggerFault';
import { triggerRuleWords } from '../rules/words/triggerRule';
import { publishedReferences } from './calendarChecks';
import type { ApiDeps } from './deps';
import type { Exchange } from './exchange';
import { allows, unknown } from './scope';

export type TriggerVersion = Version<TriggerBody>;

export interface KnownTrigger {
  readonly newest: TriggerVersion;
  readonly life: TriggerLife;
  /** The version that fires. */
  readonly enabled: TriggerVersion | null;
}

/** What is shown of it, and decides who sees it. */
export const counting = ({ newest, enabled }: KnownTrigger): TriggerVersion => enabled ?? newest;

/** Rules for every city are the province's: who reaches some cities sees them, and changes none. */
export const seesTrigger = (caller: Caller, { city }: Pick<TriggerBody, 'city'>): boolean =>
  city === EVERY_CITY || allows(caller, city);

/** @throws CodedError FORBIDDEN for a rule of a city that the caller may not reach, or of all of them */
export function assertMayWrite(
  caller: Caller,
  id: string,
  { city }: Pick<TriggerBody, 'city'>,
): void {
  if (caller.cities === undefined || caller.cities.includes(city)) return;

  const allowed = caller.cities.join(', ');
  const message = `${id} is for ${city === EVERY_CITY ? 'every city' : city}; this key may reach ${allowed}`;
  throw new CodedError('FORBIDDEN', message, [{ path: 'city', message, value: city, allowed }]);
}

/** @throws CodedError NOT_FOUND */
export async function visibleTrigger(
  { deps, caller }: Pick<Exchange, 'deps' | 'caller'>,
  id: string,
): Promise<KnownTrigger> {
  const [newest] = await deps.stores.triggers.versions(id);
  const known = newest && (await knownTrigger(deps.stores, newest));
  if (!known || !seesTrigger(caller, counting(known).body)) throw unknown('trigger', id);

  return known;
}

export async function knownTrigger(
  { triggers, triggerLives }: Pick<Stores, 'triggers' | 'triggerLives'>,
  newest: TriggerVersion,
): Promise<KnownTrigger> {
  const life = (await triggerLives.find(newest.id)) ?? newTriggerLife(newest.id);
  if (life.enabled === undefined) return { newest, life, enabled: null };
  if (life.enabled === newest.version) return { newest, life, enabled: newest };
  return { newest, life, enabled: await triggers.find(newest.id, life.enabled) };
}

/** @throws CodedError NOT_FOUND */
export async function visibleTriggerVersion(
  { deps, caller }: Pick<Exchange, 'deps' | 'caller'>,
  id: string,
  version: number,
): Promise<TriggerVersion> {
  const found = await deps.stores.triggers.find(id, version);
  if (!found || !seesTrigger(caller, found.body)) throw unknown('trigger', versionRef(id, version));
  return found;
}

/** What keeps a version from being enabled, but for its back-test. */
export async function faultsOfTrigger(
  stores: Pick<Stores, 'templates' | 'catalogues' | 'guardrails' | 'eventTypes'>,
  body: TriggerBody,
): Promise<readonly TriggerFault[]> {
  const { template } = body.offer;
  const wanted = { catalogueVersions: [], templates: [template] };
  const references = await publishedReferences(stores, wanted);
  const own = (await stores.eventTypes.inForce()).map(({ id }) => id);
  const eventTypes = [...EVENT_TYPES, ...own];
  const guardrails = (await stores.guardrails.current('default'))?.body ?? {};

  return triggerFaults(body, { ...references, guardrails, eventTypes });
}

export function issueOfTrigger(fault: TriggerFault): Issue {
  const { 'zh-CN': zh, en } = triggerFaultWords(fault);
  const value = fault.value === undefined ? {} : { value: String(fault.value) };
  const allowed = 'allowed' in fault ? { allowed: fault.allowed } : {};
  return { path: fault.path, message: `${zh} · ${en}`, ...value, ...allowed };
}

export function triggerVersionView(life: TriggerLife, version: TriggerVersion): object {
  const { id, version: number, author, at, body } = version;
  const isEnabled = life.enabled === number;
  const state = isEnabled ? 'enabled' : 'draft';
  return { id, version: number, author, at, state, body, words: triggerRuleWords(body) };
}

/** @throws CodedError CONFLICT when somebody else changed it meanwhile */
export async function keepTriggerLife(
  { stores }: Pick<ApiDeps, 'stores'>,
  next: TriggerLife,
): Promise<void> {
  if (await stores.triggerLives.keep(next)) return;
  throw new CodedError(
    'CONFLICT',
    `${next.triggerId} was changed by somebody else meanwhile; look again, then ask again`,
  );
}
