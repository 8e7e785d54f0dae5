// Channels of a rehearsal: everything is taken at once and reaches the customer, and nobody is sent anything.

import type { Channel, Delivered, Delivery } from '../ports/channel';
import type { Clock } from '../ports/clock';

/** What texts depend on of a real channel: its limits, its signature, its note. */
export type ChannelFrame = Pick<Channel, 'name' | 'maxBytes' | 'signature' | 'refusalNote'>;

/** @param heard is told of every delivery */
export function rehearsedChannel(
  frame: ChannelFrame,
  clock: Clock,
  heard: (delivery: Delivery) => void,
): Channel {
  const { name, maxBytes, signature, refusalNote } = frame;

  return {
    name,
    maxBytes,
    ...(signature !== undefined && { signature }),
    ...(refusalNote !== undefined && { refusalNote }),

    async deliverMany(deliveries) {
      return deliveries.map((delivery) => {
        heard(delivery);
        const { touchId: channelRef } = delivery;
        const value: Delivered = { kind: 'sent', channelRef, deliveredAt: clock.now() };
        return { status: 'fulfilled' as const, value };
      });
    },
    lookup: async () => null,
  };
}
