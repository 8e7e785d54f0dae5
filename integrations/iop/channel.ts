// The hotline's dialler as a channel: a call is a task for its agents, and its outcome comes back later.

import { z } from 'zod';
import type { Channel, Delivered, Delivery } from '../../ports/channel';
import { nationalForm } from '../../rules/contact/phone';
import { oneByOne, refuse } from '../delivery';
import { createSystem, foundOf, refusedDelivery, type SystemOptions, UNKNOWN_KEY } from '../system';
import { outcomeWord } from './outcome';

/** Bytes of the script an agent reads from. */
const MAX_BYTES = 4000;

/** About this number or this customer. */
const FINAL: ReadonlySet<string> = new Set(['PHONE_INVALID', 'BLACKLISTED', 'CONTENT_REFUSED']);

const queued = z.object({ callId: z.string().min(1) });

const call = z.discriminatedUnion('state', [
  queued.extend({ state: z.literal('queued') }),
  queued.extend({
    state: z.literal('done'),
    outcome: outcomeWord,
    dialled: z.boolean(),
    at: z.iso.datetime({ offset: true }),
  }),
]);

export function createCallChannel(options: SystemOptions): Channel {
  const ask = createSystem('iop', options);
  return {
    name: 'call',
    maxBytes: MAX_BYTES,

    deliverMany: oneByOne(MAX_BYTES, options.clock, (delivery) => deliver(ask, delivery)),

    async lookup({ touchId }) {
      const path = `/calls/${encodeURIComponent(touchId)}`;
      const found = foundOf(await ask({ method: 'GET', path, final: UNKNOWN_KEY }, call));
      return found && stateOf(found);
    },
  };
}

async function deliver(
  ask: ReturnType<typeof createSystem>,
  delivery: Delivery,
): Promise<Delivered> {
  const { touchId: clientCallId, contactId, phone, staffId, text: script } = delivery;
  if (phone === undefined) return refuse('NO_PHONE');

  const agent = staffId !== undefined && { staffId };
  const body = { clientCallId, contactId, phone: nationalForm(phone), ...agent, script };
  const outcome = await ask({ method: 'POST', path: '/calls', body, final: FINAL }, queued);

  return outcome.kind === 'done'
    ? { kind: 'tasked', channelRef: outcome.value.callId }
    : refusedDelivery(outcome.refusal);
}

/** A call that ended without anybody dialling contacted nobody, and gives its slot back. */
function stateOf(found: z.infer<typeof call>): Delivered {
  if (found.state === 'queued') return { kind: 'tasked', channelRef: found.callId };
  if (!found.dialled) return refuse(found.outcome);
  return { kind: 'sent', channelRef: found.callId, deliveredAt: Date.parse(found.at) };
}
