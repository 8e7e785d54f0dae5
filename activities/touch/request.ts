// What a channel is asked to deliver: the text of this contact, and by whom it is said.

import type { Channel } from '../../ports/channel';
import type { DeliveryRecord } from '../../ports/deliveries';
import { CodedError, isCodedError } from '../../rules/base/errors';
import type { Catalogue } from '../../rules/catalogue/catalogue';
import { render } from '../../rules/catalogue/message';
import { isOfClass, noTextOn, type Template, textOn } from '../../rules/catalogue/texts';
import { variablesOf } from '../../rules/catalogue/variables';
import { type Contact, speakerFor } from '../../rules/contact/contact';
import type { SettlementReason } from '../../rules/contact/settlementReason';
import type { TouchRequest } from './asked';
import type { ReservedTouch, TouchContext } from './path';
import type { Release } from './settle';

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
    const text = await textFor(context, touch, catalogue);
    const staffId = relation?.staffId ?? asked.staffId;
    const record = {
      touchId: asked.touchId,
      attempt: asked.attempt,
      contactId: contact.contactId,
      channel: channel.name,
      workflowId: asked.origin.workflowId,
      text,
      template: asked.template,
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
    return { touch, reason: faultOfText(error, asked.template) };
  }
}

/** Undefined: no welcome. Null: its code is forgotten, for it has long been dead. */
async function welcomeCodeOf(
  { deps }: TouchContext,
  { welcomeId, welcomeCode }: TouchRequest,
): Promise<string | null | undefined> {
  return welcomeId === undefined ? welcomeCode : deps.stores.welcomeCodes.find(welcomeId);
}

/** What a text depends on. */
interface TextOf {
  readonly contact: Contact;
  readonly asked: Pick<TouchRequest, 'template' | 'channel' | 'class'> & {
    readonly product?: string | undefined;
  };
}

/** @throws CodedError NOT_FOUND, TEMPLATE_…, or UNAVAILABLE: this deployment does not speak on the channel */
export async function textFor(
  { deps, published }: TouchContext,
  { asked, contact }: TextOf,
  given?: Catalogue,
): Promise<string> {
  const channel = deps.channels.get(asked.channel);
  if (!channel) throw new CodedError('UNAVAILABLE', `no channel ${asked.channel}`);

  const catalogue = given ?? (await published.catalogue()).body;
  const text = fittingText(await published.template(asked.template), asked);
  const variables = variablesOf({ contact, catalogue, product: asked.product });
  const { maxBytes, signature, refusalNote } = channel;
  // A marketing text says how to refuse further ones, whoever wrote it: the law asks it of every single one.
  const isMarketing = asked.class === 'marketing';

  return render(text, variables, { maxBytes, signature, ...(isMarketing && { refusalNote }) });
}

/** Written for this channel and this class of touch. @throws CodedError TEMPLATE_INVALID naming what does not fit */
function fittingText(
  template: Template,
  { template: ref, channel, class: asked }: TextOf['asked'],
): string {
  const text = textOn(template, channel);
  if (text === null)
    throw unfit(noTextOn(channel), `template ${ref} has no text for the channel ${channel}`);
  if (!isOfClass(template, asked))
    throw unfit(`class-${template.class}`, `template ${ref} is ${template.class}, not ${asked}`);

  return text;
}

const unfit = (path: string, message: string): CodedError =>
  new CodedError('TEMPLATE_INVALID', message, [{ path, message }]);

const refused = (touch: ReservedTouch, code: string): Release => ({
  touch,
  reason: { kind: 'refused', code },
});

/** Why a text could not be made. @throws whatever is no fault of the template */
export function faultOfText(error: unknown, template: string): SettlementReason {
  if (!isCodedError(error)) throw error;
  if (error.code === 'NOT_FOUND') return { kind: 'template', place: template };
  if (error.code.startsWith('TEMPLATE_'))
    return { kind: 'template', place: error.issues[0]?.path ?? error.code };

  throw error;
}
