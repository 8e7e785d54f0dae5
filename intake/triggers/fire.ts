// An event is tested against the triggers in force. What fires takes its unit of the budget and counts for the contact before its
// journey starts, so a process that dies in between finds on its next try that it has fired, and starts the journey then.

import type { Engine } from '../../ports/engine';
import type { FiringStore } from '../../ports/firings';
import type { Stores } from '../../ports/stores';
import { CodedError } from '../../rules/base/errors';
import { opportunityId } from '../../rules/base/ids';
import { type Contact, recordIds } from '../../rules/contact/contact';
import { DAY_MS, MINUTE_MS } from '../../rules/time/durations';
import { formatInstant } from '../../rules/time/instant';
import { answeredByStore } from '../../rules/trigger/answered';
import type { CompiledTriggers } from '../../rules/trigger/compileTriggers';
import type { Firing } from '../../rules/trigger/firing';
import { opportunityRows } from '../../rules/trigger/opportunity';
import {
  type BudgetUnit,
  budgetScope,
  type Tested,
  testTriggers,
} from '../../rules/trigger/testTriggers';
import type { OpportunityEvent, Trigger } from '../../rules/trigger/trigger';
import { knownContact } from '../contact';
import type { IntakeDeps } from '../deps';
import { launch } from '../launch';

export interface FireDeps extends Pick<IntakeDeps, 'triggers' | 'clock' | 'timezone'> {
  readonly stores: Pick<
    Stores,
    'contacts' | 'firings' | 'opportunities' | 'quotaUnits' | 'runs' | 'waves'
  >;
  readonly engine: Pick<Engine, 'start' | 'signal' | 'reviewWaves'>;
}

/** Somewhat longer than the longest cooldown (a year), window or life of an opportunity. */
const COUNTS_FOR_MS = 400 * DAY_MS;
/** Whose lane it is tests alone: two at once only meet where a lane changes hands. */
const MAX_RACES = 20;

/** What fires begins. Repeats are harmless. */
export async function fireTriggers(deps: FireDeps, event: OpportunityEvent): Promise<void> {
  const triggers = await deps.triggers();
  if (!triggers.has(event.type)) return;

  const contact = await knownContact(deps, event.contactId); // as the event has left it
  const tested = await testAndCount(deps, triggers, event, contact);
  const { stores, clock, timezone } = deps;
  const at = formatInstant(clock.now());
  await stores.opportunities.keep(opportunityRows(event, contact, tested, { at, timezone }));

  for (const { triggerId, outcome } of tested) {
    const fired = outcome === 'fired' && triggerOf(triggers, event, triggerId);
    if (fired) await begin(deps, fired, event, contact);
  }
}

/** @throws CodedError CONFLICT when somebody else tests events of the contact all the while */
async function testAndCount(
  deps: FireDeps,
  triggers: CompiledTriggers,
  event: OpportunityEvent,
  contact: Contact,
): Promise<readonly Tested[]> {
  const { firings } = deps.stores;
  const { contactId, eventId, occurredAt } = event;
  const forgetBefore = formatInstant(deps.clock.now() - COUNTS_FOR_MS);
  const units = unitsOf(deps, event);

  for (let race = 0; race < MAX_RACES; race++) {
    const own = await firings.of(contact.contactId);
    const before = await firedBefore(firings, contact, own.firings);

    const test = testTriggers(triggers, { event, contact }, before, deps.timezone);
    const tested = await answeredByStore(test, units.take);
    const fired = tested.filter(({ outcome }) => outcome === 'fired');
    await units.giveBackAllBut(fired);
    const further = fired.map(({ triggerId }) => ({ triggerId, eventId, occurredAt }));
    if (further.length === 0) return tested;
    if (await firings.add(contact.contactId, further, own, forgetBefore)) return tested;
  }

  throw new CodedError(
    'CONFLICT',
    `${contactId}: lost ${MAX_RACES} races in a row for its firings`,
  );
}

/** With what fired for the records that went into the contact. */
async function firedBefore(
  firings: Pick<FiringStore, 'ofMany'>,
  contact: Contact,
  own: readonly Firing[],
): Promise<readonly Firing[]> {
  const [, ...others] = recordIds(contact);
  if (others.length === 0) return own;
  return [...own, ...[...(await firings.ofMany(others)).values()].flat()];
}

/** Units of budgets that this event holds, each under a key of its own: what is asked again is answered the same. */
function unitsOf({ stores }: FireDeps, { contactId, eventId }: OpportunityEvent) {
  const { quotaUnits } = stores;
  const held = new Set<string>();
  const keyOf = (triggerId: string): string => opportunityId(triggerId, contactId, eventId);

  return {
    async take({ limit, ...unit }: BudgetUnit): Promise<boolean> {
      const { triggerId } = unit;
      const scope = budgetScope(unit);
      const [full] = await quotaUnits.take([{ key: keyOf(triggerId), takes: [{ scope, limit }] }]);
      if (full === null) held.add(triggerId);
      return full === null;
    },

    /** After a race that was lost, another trigger may fire. */
    async giveBackAllBut(fired: readonly Tested[]): Promise<void> {
      const unused = [...held].filter((id) => !fired.some(({ triggerId }) => triggerId === id));
      for (const triggerId of unused) held.delete(triggerId);
      if (unused.length > 0) await quotaUnits.giveBack(unused.map(keyOf));
    },
  };
}

const triggerOf = (
  triggers: CompiledTriggers,
  { type }: OpportunityEvent,
  triggerId: string,
): Trigger | undefined =>
  triggers.get(type)?.find(({ trigger }) => trigger.id === triggerId)?.trigger;

async function begin(
  deps: FireDeps,
  { id: triggerId, offer, expiresAfterMinutes }: Trigger,
  { eventId: entry, occurredAt }: OpportunityEvent,
  contact: Contact,
): Promise<void> {
  const { product, template, channel, fallback = [] } = offer;
  const expiresAt = formatInstant(Date.parse(occurredAt) + expiresAfterMinutes * MINUTE_MS);
  const start = { entry, triggerId, product, template, channel, fallback, expiresAt };
  await launch(deps, 'overage', contact, start); // the only journey that a trigger may be enabled with
}
