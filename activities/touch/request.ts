// What a channel is asked to deliver: the text of this contact, and by whom it is said.

import type { Channel } from '../../ports/channel';
import type { DeliveryRecord } from '../../ports/deliveries';
import { isCodedError } from '../../rules/base/errors';
import type { Catalogue } from '../../rules/catalogue/catalogue';
import { render } from '../../rules/catalogue/template';
import { speakerFor } from '../../rules/contact/contact';
import type { SettlementReason } from '../../rules/contact/settlementReason';
import type { TouchInput } from '../contract';
import type { ReservedTouch, TouchContext } from './path';
import type { Release } from './settle';
import { variablesOf } from './variables';

/** A record, ready to be handed to its channel. */
export interface DeliveryRequest {
  readonly touch: ReservedTouch;
  readonly record: DeliveryRecord;
  readonly channel: Channel;
}

interface PreparedDeliveries {
  readonly requests: readonly DeliveryRequest[];
  /** Touches that cannot be delivered, and why. */
  readonly releases: readonly Release[];
}

/** Renders the texts. Touches whose text cannot be made, or that nobody can say, are to be released. */
export async function prepareDeliveries(
  context: TouchContext,
  reserved: readonly ReservedTouch[],
): Promise<PreparedDeliveries> {
  const catalogue = await context.published.catalogue();
  const requests: DeliveryRequest[] = [];
  const releases: Release[] = [];

  for (const touch of reserved) {
    const prepared = await prepare(context, touch, catalogue.body);
    if ('reason' in prepared) releases.push(prepared);
    else requests.push(prepared);
  }

  return { requests, releases };
}

async function prepare(
  context: TouchContext,
  touch: ReservedTouch,
  catalogue: Catalogue,
): Promise<DeliveryRequest | Release> {
  const { contact, input } = touch;
  const channel = context.deps.channels.get(input.channel);
  if (!channel) return refused(touch, `no-channel-${input.channel}`);

  const relation = input.channel === 'wecom' ? speakerFor(contact, input.staffId) : undefined;
  if (input.channel === 'wecom' && !relation) return refused(touch, 'no-relation');

  try {
    const text = await textFor(context, touch, channel, catalogue);
    const staffId = relation?.staffId ?? input.staffId;
    const record = {
      touchId: input.touchId,
      attempt: input.attempt,
      contactId: contact.contactId,
      channel: channel.name,
      workflowId: context.caller.workflowId,
      text,
      askedAt: context.deps.clock.now(),
      ...(contact.phone !== undefined && { phone: contact.phone }),
      ...(relation && { externalUserId: relation.externalUserId }),
      ...(staffId !== undefined && { staffId }),
      ...(input.welcomeCode !== undefined && { welcomeCode: input.welcomeCode }),
      ...(input.expiresAt !== undefined && { expiresAt: Date.parse(input.expiresAt) }),
    };
    return { touch, record, channel };
  } catch (error) {
    return { touch, reason: faultOfTemplate(error, input) };
  }
}

async function textFor(
  { published }: TouchContext,
  { input, contact }: ReservedTouch,
  channel: Channel,
  catalogue: Catalogue,
): Promise<string> {
  const template = await published.template(input.template);
  const variables = variablesOf(contact, catalogue, input.product);
  return render(withRefusalNote(template.text, input, channel), variables, channel.maxBytes);
}

/** A marketing text says how to refuse further ones, whoever wrote it: the law asks it of every single one. */
function withRefusalNote(text: string, input: TouchInput, { refusalNote }: Channel): string {
  if (refusalNote === undefined || input.class !== 'marketing') return text;
  return text.includes(refusalNote) ? text : `${text} ${refusalNote}`;
}

const refused = (touch: ReservedTouch, code: string): Release => ({
  touch,
  reason: { kind: 'refused', code },
});

/** Why a text could not be made. @throws whatever is no fault of the template */
function faultOfTemplate(error: unknown, { template }: TouchInput): SettlementReason {
  if (!isCodedError(error)) throw error;
  if (error.code === 'NOT_FOUND') return { kind: 'template', place: template };
  if (error.code.startsWith('TEMPLATE_'))
    return { kind: 'template', place: error.issues[0]?.path ?? error.code };
  throw error;
}
