// What the SMS gateway reports: what became of a message, and what customers answer.

import type { SmsReceipt, SmsUpstream } from '../../ports/callbacks';
import { CodedError } from '../../rules/base/errors';
import type { Contact, KeptTouch } from '../../rules/contact/contact';
import { isBlacklisted, isOptOut } from '../../rules/contact/optOut';
import { formatInstant, instantAt } from '../../rules/time/instant';
import { heard } from '../contact';
import type { IntakeDeps } from '../deps';
import { signalRuns, wakeRuns } from '../launch';

/** Receipts come per part, repeated and in any order; the touch is what all of them say together, and so is what its run hears. */
export async function handleReceipt(deps: IntakeDeps, receipt: SmsReceipt): Promise<void> {
  const { clientMessageId: touchId, messageId, part, status, code = 'UNKNOWN', at } = receipt;
  const { contacts, deliveries, touches } = deps.stores;
  const delivery = await deliveries.find(touchId);
  if (!delivery) throw new CodedError('NOT_FOUND', `no delivery of touch ${touchId} is known`);

  const { contactId, workflowId } = delivery;
  const hasFailed = status === 'failed';
  if (hasFailed && isBlacklisted(code))
    await contacts.block(contactId, { channel: 'sms', reason: code });

  const touch = await touches.receive(contactId, touchId, {
    channelRef: messageId,
    ...(part === undefined ? { part: 1, parts: 1 } : { part }),
    state: status,
    heardAt: formatInstant(deps.clock.now()),
    at: formatInstant(instantAt(at, 'at')),
    ...(hasFailed && { code }),
  });
  await tellRun(deps, workflowId, touch);
  if (touch.state === 'released') await wakeRuns(deps, contactId, 'slots');
}

/** Nothing is news to the run of a touch that never seemed to have failed: it was told that it is sent. */
async function tellRun(
  { engine }: IntakeDeps,
  workflowId: string,
  { touchId, state, why, receipts = [] }: KeptTouch,
): Promise<void> {
  if (state !== 'sent' && state !== 'released') return;
  if (receipts.every((each) => each.state === 'delivered')) return;

  await engine.signal(workflowId, {
    signal: 'settled',
    body: { touchId, settled: state, ...(why !== undefined && { why }) },
  });
}

export async function handleUpstream(
  deps: IntakeDeps,
  upstream: SmsUpstream,
  receivedAt: string,
): Promise<void> {
  const { contacts } = deps.stores;
  const ids = await contacts.idsByAlias({ kind: 'phone', value: upstream.phone });
  const holders = await contacts.findMany(ids);
  // The number itself is personal and stays in the inbox item.
  if (holders.length === 0)
    throw new CodedError('NOT_FOUND', 'no contact has the phone that answered');

  for (const holder of holders) await takeAnswer(deps, holder, upstream, receivedAt);
}

async function takeAnswer(
  deps: IntakeDeps,
  contact: Contact,
  { text, at }: SmsUpstream,
  receivedAt: string,
): Promise<void> {
  const { contacts } = deps.stores;
  const { contactId, numberLostAt } = contact;
  if (isOptOut(text)) {
    await contacts.consent(contactId, [
      {
        channel: 'sms',
        class: 'marketing',
        state: 'refused',
        source: 'sms-reply',
        at,
        receivedAt,
        own: true,
      },
    ]);
    // Survives an import that would grant the consent again.
    await contacts.block(contactId, { channel: 'sms', reason: 'opt-out' });
    return signalRuns(deps, contactId, { kind: 'opted-out', at, channel: 'sms' });
  }

  // Somebody else has the number now: a refusal was taken all the same, any other word is not this customer's.
  if (numberLostAt !== undefined) return;

  await heard(deps, contact, at);
  return signalRuns(deps, contactId, { kind: 'spoke', at, channel: 'sms' });
}
