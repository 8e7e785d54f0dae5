// Which handler an inbox item belongs to.

import type { SystemCallback, WecomCallback } from '../ports/callbacks';
import type { Inbound } from '../ports/inbox';
import type { Lead } from '../ports/leads';
import { CodedError, isCodedError } from '../rules/base/errors';
import { readTaken } from '../rules/event/readEvent.schema';
import { parseWith } from '../rules/input/parse';
import { systemCallback, wecomCallback } from '../rules/journey/callback.schema';
import { leadInput } from '../rules/journey/journey.schema';
import { archivedTouchIn, TooLateError } from './archivedTouch';
import type { IntakeDeps } from './deps';
import { fencedAll, fencedCalls, type ItemGuard } from './fenced';
import { tombstonesOf } from './forget';
import { handleCall } from './handlers/call';
import { handleEvent } from './handlers/event';
import { handleLead } from './handlers/lead';
import { handleOrder } from './handlers/order';
import { handleReceipt, handleUpstream } from './handlers/sms';
import { handleWecom } from './handlers/wecom';
import { pastCallback, pastEvent, pastWecom } from './past';
import { triggersInForce } from './triggers/inForce';

/** What a handler reads of an item. */
export type HandledItem = Omit<Inbound, 'urgency'>;

/** Every handler may be run again for the same item: each step of theirs is harmless when repeated. */
export function createHandler(
  given: Omit<IntakeDeps, 'assertLaneOf' | 'triggers'>,
): (item: HandledItem, guard?: ItemGuard) => Promise<void> {
  const deps = { ...given, triggers: triggersInForce(given.stores) };
  return (item, guard = NOBODY_ELSE) => handleUnlessOver(guardedDeps(deps, guard), item);
}

const NOBODY_ELSE: ItemGuard = { assertOurs() {}, assertLaneOf() {} };

const guardedDeps = (
  deps: Omit<IntakeDeps, 'assertLaneOf'>,
  { assertOurs, assertLaneOf }: ItemGuard,
): IntakeDeps => ({
  ...deps,
  stores: fencedAll(deps.stores, assertOurs),
  engine: fencedCalls(deps.engine, assertOurs),
  wecom: fencedCalls(deps.wecom, assertOurs),
  assertLaneOf,
});

/**
 * What is heard of somebody who was forgotten is dropped: kept for people to see, it would name him again. What is heard of a touch
 * that is archived is too late.
 */
async function handleUnlessOver(deps: IntakeDeps, item: HandledItem): Promise<void> {
  try {
    await handleItem(deps, item);
  } catch (error) {
    if (!isCodedError(error) || error.code !== 'NOT_FOUND') throw error;

    if ((await tombstonesOf(deps, contactsIn(item))).length > 0) {
      deps.log.info({ kind: item.kind }, 'heard of somebody who was forgotten: dropped');
      return;
    }

    const touchId = await archivedTouchIn(deps, item);
    if (touchId === null) throw error;
    throw new TooLateError(`the ledger's rows of touch ${touchId} are archived: too late`);
  }
}

/** Every id that may be the contact's: its own field, its lane, and the parts of joined ids. */
function contactsIn({ lane, payload }: HandledItem): readonly string[] {
  const { contactId, clientMessageId, clientCallId, orderKey } = payload as Readonly<
    Record<string, unknown>
  >;
  return [contactId, lane, clientMessageId, clientCallId, orderKey].flatMap((id) =>
    typeof id === 'string' ? id.split('/') : [],
  );
}

async function handleItem(deps: IntakeDeps, item: HandledItem): Promise<void> {
  const { kind, payload } = item;
  switch (kind) {
    case 'event':
      return handleEvent(deps, pastEvent(readTaken(payload), item.receivedAt), item);
    case 'lead':
      return handleLead(deps, parseWith<Lead>(leadInput, payload, ''));
    case 'wecom':
      return handleWecom(deps, pastWecom(readWecom(payload), item.receivedAt));
    case 'sms':
    case 'crm':
    case 'iop':
      return handleSystem(
        deps,
        pastCallback(parseWith<SystemCallback>(systemCallback, payload, ''), item.receivedAt),
        item,
      );
  }
}

function readWecom(payload: Inbound['payload']): WecomCallback {
  // Written by us when the codec found it wrong; its own words say more than ours about the shape would.
  const { kind, issues = [] } = payload as Partial<Malformed>;
  if (kind === 'malformed')
    throw new CodedError('INVALID_INPUT', 'WeCom sent what cannot be taken', issues);

  return parseWith<WecomCallback>(wecomCallback, payload, '');
}

type Malformed = Extract<WecomCallback, { readonly kind: 'malformed' }>;

function handleSystem(
  deps: IntakeDeps,
  callback: SystemCallback,
  item: HandledItem,
): Promise<void> {
  switch (callback.type) {
    case 'receipt':
      return handleReceipt(deps, callback);
    case 'upstream':
      return handleUpstream(deps, callback, item);
    case 'order':
      return handleOrder(deps, callback);
    case 'call':
      return handleCall(deps, callback);
  }
}
