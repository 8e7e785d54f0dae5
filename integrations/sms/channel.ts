// The SMS gateway as a channel. It answers the same clientMessageId with the same message, so a repeat sends nothing twice.

import { z } from 'zod';
import type { Channel, Delivered, Delivery } from '../../ports/channel';
import { signed } from '../../rules/catalogue/signature';
import { nationalForm } from '../../rules/contact/phone';
import { oneByOne, refuse } from '../delivery';
import { createSystem, foundOf, refusedDelivery, type SystemOptions, UNKNOWN_KEY } from '../system';

/** About 500 Chinese characters: what gateways take as one long message. */
const MAX_BYTES = 1500;

/** About this number or this text. Carriers' blacklists have names of their own. */
const FINAL: ReadonlySet<string> = new Set([
  'PHONE_INVALID',
  'TEXT_TOO_LONG',
  'CONTENT_REFUSED',
  'BLACKLISTED',
  'MBBLACK',
  'SIGNATURE_MISSING',
]);

const message = z.object({
  messageId: z.string().min(1),
  acceptedAt: z.iso.datetime({ offset: true }),
  /** How many messages the text was cut into. */
  parts: z.int().min(1).default(1),
});

export interface SmsOptions extends SystemOptions {
  /** `【…】`: who sends it. Carriers drop texts that do not begin with the one they know. */
  readonly signature: string;
  /** How a customer refuses further marketing, as the gateway and the law want it stated in each such text. */
  readonly refusalNote: string;
}

export function createSmsChannel(options: SmsOptions): Channel {
  const call = createSystem('sms', options);
  return {
    name: 'sms',
    maxBytes: MAX_BYTES,
    signature: options.signature,
    refusalNote: options.refusalNote,

    deliverMany: oneByOne(MAX_BYTES, options.clock, (delivery) =>
      deliver(call, options.signature, delivery),
    ),

    async lookup({ touchId }) {
      const path = `/messages/${encodeURIComponent(touchId)}`;
      const found = foundOf(await call({ method: 'GET', path, final: UNKNOWN_KEY }, message));
      return found && accepted(found);
    },
  };
}

async function deliver(
  call: ReturnType<typeof createSystem>,
  signature: string,
  delivery: Delivery,
): Promise<Delivered> {
  const { touchId: clientMessageId, phone } = delivery;
  if (phone === undefined) return refuse('NO_PHONE');

  // Texts come signed; those that were opened before there was a signature do not.
  const text = signed(delivery.text, signature);
  const body = { clientMessageId, phone: nationalForm(phone), text };
  const outcome = await call({ method: 'POST', path: '/messages', body, final: FINAL }, message);

  return outcome.kind === 'done' ? accepted(outcome.value) : refusedDelivery(outcome.refusal);
}

const accepted = ({ messageId, acceptedAt, parts }: z.infer<typeof message>): Delivered => ({
  kind: 'accepted',
  channelRef: messageId,
  acceptedAt: Date.parse(acceptedAt),
  parts,
});
