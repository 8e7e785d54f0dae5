// The channels of a slot: its own, and those to go on with where a customer cannot be reached on it.

import type { PlannedSlot } from './plan';

/** The channels of a slot, the one to begin with first. */
export const channelsOf = ({ touch, delivery }: PlannedSlot): readonly string[] => [
  ...new Set([touch.channel, ...(delivery?.fallback ?? [])]),
];

/** Undefined: there is none after it. */
export function nextChannelOf(slot: PlannedSlot, channel: string): string | undefined {
  const channels = channelsOf(slot);
  return channels[channels.indexOf(channel) + 1];
}
