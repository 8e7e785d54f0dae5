// What a channel is asked to deliver: the text of this contact, and by whom it is said.

import type { Channel } from '../../ports/channel';
import type { DeliveryRecord } from '../../ports/deliveries';
import { isCodedError } from '../../rules/base/errors';
import type { Catalogue } from '../../rules/catalogue/catalogue';
import { render } from '../../rules/catalogue/template';
import { speakerFor } from '../../rules/contact/contact';
import type { SettlementReason } from '../../rules/contact/settlementReason';
import type { TouchRequest } from './asked';
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
  const { contact, asked } = touch;
  const channel = context.deps.channels.get(asked.channel);
  if (!channel) return refused(touch, `no-channel-${asked.channel}`);

  const relation = asked.channel === 'wecom' ? speakerFor(contact, asked.staffId) : undefined;
  if (asked.channel === 'wecom' && !relation) return refused(touch, 'no-relation');

  const welcomeCode = await welcomeCodeOf(context, asked);
  if (welcomeCode === null) return refused(touch, 'welcome-code-expired');

  try {
    const text = await textFor(context, touch, channel, catalogue);
    const staffId = relation?.staffId ?? asked.staffId;
    const record = {
      touchId: asked.touchId,
      attempt: asked.attempt,
      contactId: contact.contactId,
      channel: channel.name,
      workflowId: asked.origin.workflowId,
      text,
      askedAt: context.deps.clock.now(),
      ...(contact.phone !== undefined && { phone: contact.phone }),
      ...(relation && { externalUserId: relation.externalUserId }),
      ...(staffId !== undefined && { staffId }),
      ...(welcomeCode !== undefined && { welcomeCode }),
      ...(asked.expiresAt !== undefined && { expiresAt: Date.parse(asked.expiresAt) }),
      ...(touch.kept.settleBy !== undefined && { settleBy: Date.parse(touch.kept.settleBy) }),
    };

    return { touch, record, channel };
  } catch (error) {
    return { touch, reason: faultOfTemplate(error, asked) };
  }
}

/** Undefined: no welcome. Null: its code is forgotten, for it has long been dead. */
async function welcomeCodeOf(
  { deps }: TouchContext,
  { welcomeId, welcomeCode }: TouchRequest,
): Promise<string | null | undefined> {
  return welcomeId === undefined ? welcomeCode : deps.stores.welcomeCodes.find(welcomeId);
}

async function textFor(
  { published }: TouchContext,
  { asked, contact }: ReservedTouch,
  channel: Channel,
  catalogue: Catalogue,
): Promise<string> {
  const template = await published.template(asked.template);
  const variables = variablesOf(contact, catalogue, asked.product);
  const ending = refusalNoteFor(template.text, asked, channel);
  return render(template.text, variables, channel.maxBytes, ending);
}

/** A marketing text says how to refuse further ones, whoever wrote it: the law asks it of every single one. */
function refusalNoteFor(text: string, asked: TouchRequest, { refusalNote }: Channel): string {
  if (refusalNote === undefined || asked.class !== 'marketing') return '';
  return text.includes(refusalNote) ? '' : ` ${refusalNote}`;
}

const refused = (touch: ReservedTouch, code: string): Release => ({
  touch,
  reason: { kind: 'refused', code },
});

/** Why a text could not be made. @throws whatever is no fault of the template */
function faultOfTemplate(error: unknown, { template }: TouchRequest): SettlementReason {
  if (!isCodedError(error)) throw error;
  if (error.code === 'NOT_FOUND') return { kind: 'template', place: template };
  if (error.code.startsWith('TEMPLATE_'))
    return { kind: 'template', place: error.issues[0]?.path ?? error.code };

  throw error;
}
