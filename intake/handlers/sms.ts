// What the SMS gateway reports: what became of a message, and what customers answer.

import type { SmsReceipt, SmsUpstream } from '../../ports/callbacks';
import type { Inbound } from '../../ports/inbox';
import { CodedError } from '../../rules/base/errors';
import { isWaveId } from '../../rules/calendar/wave';
import { isBlacklisted } from '../../rules/contact/blacklist';
import type { KeptTouch } from '../../rules/contact/contact';
import { formatInstant, instantAt } from '../../rules/time/instant';
import { takeAnswer } from '../answers';
import { heard } from '../contact';
import type { IntakeDeps } from '../deps';
import { signalRuns, wakeRuns } from '../launch';
import { correctWave } from './waveReceipts';

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
  if (isWaveId(workflowId)) await correctWave(deps, workflowId, touch);
  else await tellRun(deps, workflowId, touch);
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

/** A refusal binds the number, whoever has it and when. Any other answer is of those who have it now. */
export async function handleUpstream(
  deps: IntakeDeps,
  { id, phone, text, at }: SmsUpstream,
  { key: item, receivedAt }: Pick<Inbound, 'key' | 'receivedAt'>,
): Promise<void> {
  const address = { kind: 'phone', value: phone } as const;
  const heardAt = { at, receivedAt: formatInstant(receivedAt) };
  const said = { item, channel: 'sms', source: 'sms-reply', address, text, ...heardAt } as const;
  const refusal = await takeAnswer(deps, said);
  if (refusal === 'yes') return;

  const { contacts } = deps.stores;
  const holders = await contacts.findMany(await contacts.idsByAlias(address));
  // The number itself is personal and stays in the inbox item.
  if (refusal === 'no' && holders.length === 0)
    throw new CodedError('NOT_FOUND', 'no contact has the phone that answered');

  // Somebody else has the number now: words that refuse nothing are not this customer's.
  for (const holder of holders.filter(({ numberLostAt }) => numberLostAt === undefined)) {
    await heard(deps, holder, at, id);
    // Who may have refused is asked nothing more.
    if (refusal === 'no')
      await signalRuns(deps, holder.contactId, { kind: 'spoke', at, channel: 'sms' });
  }
}
