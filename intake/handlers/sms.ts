// What the SMS gateway reports: what became of a message, and what customers answer.

import type { SmsReceipt, SmsUpstream } from '../../ports/callbacks';
import { CodedError } from '../../rules/base/errors';
import { isBlacklisted, isOptOut } from '../../rules/contact/optOut';
import { formatSettlementReason } from '../../rules/contact/settlementReason';
import { heard } from '../contact';
import type { IntakeDeps } from '../deps';
import { signalRuns } from '../launch';

export async function handleReceipt(deps: IntakeDeps, receipt: SmsReceipt): Promise<void> {
  const { clientMessageId: touchId, messageId, status, code = 'UNKNOWN', at } = receipt;
  const { contacts, deliveries, touches } = deps.stores;
  const delivery = await deliveries.find(touchId);
  if (!delivery) throw new CodedError('NOT_FOUND', `no delivery of touch ${touchId} is known`);

  const { contactId, workflowId } = delivery;
  const receiptOf = { channelRef: messageId, at };
  if (status === 'delivered') {
    await touches.settle(contactId, touchId, { ...receiptOf, settled: 'sent', deliveredAt: at });
    return;
  }

  const reason = { kind: 'sms', code } as const;
  if (isBlacklisted(code)) await contacts.block(contactId, { channel: 'sms', reason: code });
  await touches.settle(contactId, touchId, { ...receiptOf, settled: 'released', reason });
  await deps.engine.signal(workflowId, {
    signal: 'settled',
    body: { touchId, settled: 'released', why: formatSettlementReason(reason) },
  });
}

export async function handleUpstream(
  deps: IntakeDeps,
  { phone, text, at }: SmsUpstream,
): Promise<void> {
  const { contacts } = deps.stores;
  const contact = await contacts.findByAlias({ kind: 'phone', value: phone });
  // The number itself is personal and stays in the inbox item.
  if (!contact) throw new CodedError('NOT_FOUND', 'no contact has the phone that answered');

  const { contactId } = contact;
  if (isOptOut(text)) {
    await contacts.consent(contactId, [
      { channel: 'sms', class: 'marketing', state: 'refused', source: 'sms-reply', at },
    ]);
    // Survives an import that would grant the consent again.
    await contacts.block(contactId, { channel: 'sms', reason: 'opt-out' });
    return signalRuns(deps, contactId, { kind: 'opted-out', at, channel: 'sms' });
  }

  await heard(deps, contact, at);
  return signalRuns(deps, contactId, { kind: 'spoke', at, channel: 'sms' });
}
