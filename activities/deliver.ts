// From a reservation to the channel and back: the record is opened before the call, and an open record is a question for
// the channel, never a reason to send again.

import type { Channel, Delivered } from '../ports/channel';
import type { DeliveryRecord } from '../ports/deliveries';
import type { Contact, KeptTouch, Relation } from '../rules/contact';
import { friendsOf } from '../rules/contact';
import { isCodedError } from '../rules/errors';
import { render } from '../rules/template';
import { type Ask, judge, nowOf } from './ask';
import type { TouchVerdict } from './contract';
import { tryLater } from './failures';
import { variablesOf } from './variables';
import { deadlineOf, HELD, released } from './verdict';

/** A fresh reservation: nothing can have been sent yet. */
export async function deliver(ask: Ask, contact: Contact, kept: KeptTouch): Promise<TouchVerdict> {
  const channel = ask.deps.channels.get(ask.input.channel);
  if (!channel) return release(ask, `refused:no-channel-${ask.input.channel}`);
  const text = await write(ask, contact, channel);
  if ('why' in text) return release(ask, text.why);
  const { record } = await ask.deps.stores.deliveries.open(text);
  return heed(ask, kept, record, await channel.deliver(record));
}

/**
 * A reservation that was found, not made. A crash, or a channel that asked to wait, lies between: the channel's record
 * comes first, and when it never took the touch the gate is asked again, for the pass may be hours old.
 */
export async function resume(ask: Ask, contact: Contact, kept: KeptTouch): Promise<TouchVerdict> {
  const found = await ask.deps.stores.deliveries.find(ask.input.touchId);
  const record = found?.attempt === kept.attempt ? found : null;
  if (record?.answer) return settle(ask, kept, record, record.answer);

  const channel = ask.deps.channels.get(ask.input.channel);
  const taken = record && channel ? await channel.lookup(record) : null;
  if (record && taken) return heed(ask, kept, record, taken);

  const at = nowOf(ask);
  const again = await judge(ask, await ask.published.policyFor(contact.city, at), contact, at);
  if (again.verdict !== 'pass') return release(ask, `${HELD}${again.rule ?? again.reason ?? again.verdict}`);
  if (!record || !channel) return deliver(ask, contact, kept);
  return heed(ask, kept, record, await channel.deliver(record));
}

/** What is about to be handed over, or why it cannot be made. */
async function write(ask: Ask, contact: Contact, channel: Channel): Promise<DeliveryRecord | { readonly why: string }> {
  const { deps, published, caller, input } = ask;
  const [template, catalogue] = await Promise.all([published.template(input.template), published.catalogue()]);
  const relation = input.channel === 'wecom' ? relationFor(contact, input.staffId) : undefined;
  if (input.channel === 'wecom' && !relation) return { why: 'refused:no-relation' };
  const staffId = relation?.staffId ?? input.staffId;
  try {
    return {
      touchId: input.touchId,
      attempt: input.attempt,
      contactId: contact.contactId,
      channel: channel.name,
      workflowId: caller.workflowId,
      text: render(template.text, variablesOf(contact, catalogue.body, input.product), channel.maxBytes),
      askedAt: deps.clock.now(),
      ...(contact.phone !== undefined && { phone: contact.phone }),
      ...(relation && { externalUserId: relation.externalUserId }),
      ...(staffId !== undefined && { staffId }),
      ...(input.welcomeCode !== undefined && { welcomeCode: input.welcomeCode }),
      ...(input.expiresAt !== undefined && { expiresAt: Date.parse(input.expiresAt) }),
    };
  } catch (error) {
    if (isCodedError(error) && error.code.startsWith('TEMPLATE_'))
      return { why: `template:${error.issues[0]?.path ?? error.code}` };
    throw error;
  }
}

/** The member asked for while the customer is still a friend; otherwise the latest friend. */
function relationFor(contact: Contact, staffId: string | undefined): Relation | undefined {
  const friends = friendsOf(contact);
  return friends.find((relation) => relation.staffId === staffId) ?? friends[0];
}

/** Keeps a final answer of the channel, then acts on it. "Not now" is not final: the reservation waits for the next try. */
async function heed(ask: Ask, kept: KeptTouch, record: DeliveryRecord, answer: Delivered): Promise<TouchVerdict> {
  if (answer.kind === 'refused' && answer.retryable)
    throw tryLater('THROTTLED', `${record.channel} refused for now: ${answer.reason}`, answer.retryAfterMs);
  await ask.deps.stores.deliveries.answer(record.touchId, record.attempt, answer);
  return settle(ask, kept, record, answer);
}

async function settle(ask: Ask, kept: KeptTouch, record: DeliveryRecord, answer: Delivered): Promise<TouchVerdict> {
  if (answer.kind === 'refused') return release(ask, `refused:${answer.reason}`);
  const { touches } = ask.deps.stores;
  const { channelRef } = answer;
  if (answer.kind === 'tasked') {
    await touches.tasked(record.contactId, record.touchId, channelRef);
    await follow(ask, kept.at, channelRef, record);
    return { verdict: 'tasked', channelRef, deadline: deadlineOf(kept.at, ask.input) };
  }
  const deliveredAt = new Date(answer.deliveredAt).toISOString();
  await touches.settle(record.contactId, record.touchId, { settled: 'sent', channelRef, deliveredAt, at: nowOf(ask) });
  return { verdict: 'sent', channelRef, at: deliveredAt };
}

/** The crash may have come between tasking the touch and having its mass send followed. */
export async function followTasked(ask: Ask, kept: KeptTouch): Promise<void> {
  const record = await ask.deps.stores.deliveries.find(kept.touchId);
  if (record && kept.channelRef !== undefined) await follow(ask, kept.at, kept.channelRef, record);
}

/** A mass send is followed by a flow of its own until staff have acted or its deadline passes; asking twice is harmless. */
async function follow(ask: Ask, reservedAt: string, msgid: string, record: DeliveryRecord): Promise<void> {
  const { staffId, externalUserId, touchId, contactId, workflowId } = record;
  if (record.channel !== 'wecom' || staffId === undefined || externalUserId === undefined) return;
  const deadline = deadlineOf(reservedAt, ask.input);
  await ask.deps.engine.followMassSend({
    version: 1,
    msgid,
    staffId,
    touches: [{ touchId, contactId, externalUserId, workflowId }],
    deadline,
  });
}

async function release(ask: Ask, why: string): Promise<TouchVerdict> {
  const at = nowOf(ask);
  await ask.deps.stores.touches.settle(ask.input.contactId, ask.input.touchId, { settled: 'released', why, at });
  return released(why, at);
}
