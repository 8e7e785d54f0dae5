// Whether an event would fire a trigger, and why: the live rule over what is known now, with nothing taken and nothing kept.

import { enabledTriggers, triggerOf } from '../intake/triggers/inForce';
import type { Stores } from '../ports/stores';
import { CodedError } from '../rules/base/errors';
import { recordIds } from '../rules/contact/contact';
import { answeredByStore } from '../rules/trigger/answered';
import { compileTriggers } from '../rules/trigger/compileTriggers';
import { type BudgetUnit, budgetScope, testTriggers } from '../rules/trigger/testTriggers';
import type { OpportunityEvent } from '../rules/trigger/trigger';
import { triggerAnswerWords } from '../rules/words/triggerAnswer';
import { nowIso } from './calendars';
import type { Exchange } from './exchange';
import { allows, unknown, visibleContact } from './scope';
import { type TriggerVersion, visibleTrigger, visibleTriggerVersion } from './triggers';

interface Asked {
  /** Absent: the one that fires, or the newest while none does. */
  readonly version?: number;
  /** Of an event that is stored. */
  readonly eventId?: string;
  readonly event?: {
    readonly eventId?: string;
    readonly contactId: string;
    readonly occurredAt?: string;
    readonly receivedAt?: string;
    readonly data: Readonly<Record<string, unknown>>;
  };
}

/** @throws CodedError NOT_FOUND for a trigger, an event or a contact that the caller may not see */
export async function explainTrigger(
  exchange: Pick<Exchange, 'deps' | 'caller'>,
  id: string,
  asked: Asked,
): Promise<object> {
  const { stores, timezone } = exchange.deps;
  const { newest, enabled } = await visibleTrigger(exchange, id);
  const version =
    asked.version === undefined
      ? (enabled ?? newest)
      : await visibleTriggerVersion(exchange, id, asked.version);

  const event = await eventAsked(exchange, version, asked);
  const contact = await visibleContact(exchange, event.contactId);
  const others = (await enabledTriggers(stores)).filter((each) => each.id !== id);
  const triggers = compileTriggers([triggerOf(version), ...others]);
  const fired = [...(await stores.firings.ofMany(recordIds(contact))).values()].flat();

  // As if it had not been heard of: what it has fired is what is asked about.
  const before = fired.filter(({ eventId }) => eventId !== event.eventId);
  const test = testTriggers(triggers, { event, contact }, before, timezone);
  const answers = await answeredByStore(test, (unit) => hasRoom(stores, unit));
  const tested = answers.map((each) => ({
    ...each,
    words: triggerAnswerWords(each, contact.timezone ?? timezone),
  }));
  const own = tested.find(({ triggerId }) => triggerId === id) ?? notItsOwn(version, contact.city);
  return { ...own, version: version.version, event, tested };
}

async function eventAsked(
  { deps, caller }: Pick<Exchange, 'deps' | 'caller'>,
  { body: { event: type } }: TriggerVersion,
  { eventId, event }: Asked,
): Promise<OpportunityEvent> {
  if ((eventId === undefined) === (event === undefined))
    throw new CodedError('INVALID_INPUT', 'which event? give either `eventId` or `event`', [
      { path: 'event', message: 'not one of the two', allowed: '`eventId` or `event`' },
    ]);

  if (event) {
    const { contactId, data } = event;
    const { occurredAt = nowIso(deps), receivedAt = occurredAt } = event;
    return { eventId: event.eventId ?? 'asked', type, contactId, occurredAt, receivedAt, data };
  }

  const stored = await deps.stores.events.find(eventId ?? '');
  if (!stored || !allows(caller, stored.city)) throw unknown('event', eventId ?? '');
  const { city: _city, ...told } = stored;
  return told;
}

async function hasRoom(
  { quotaUnits }: Pick<Stores, 'quotaUnits'>,
  { limit, ...unit }: BudgetUnit,
): Promise<boolean> {
  const [used = 0] = await quotaUnits.used([budgetScope(unit)]);
  return used < limit;
}

/** It is not tested at all: of another event, or of another city. */
const notItsOwn = ({ id, body: { city, event } }: TriggerVersion, contactCity: string) => ({
  triggerId: id,
  outcome: 'not-tested',
  words: {
    'zh-CN': `不适用：规则用于 ${city} 的 ${event} 事件，客户属于 ${contactCity}`,
    en: `is not asked: it is for ${event} events of ${city}, the customer is of ${contactCity}`,
  },
});
