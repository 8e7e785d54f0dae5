// What a suppressed touch says of the next one: try another channel, or leave the contact alone.

/** Reasons that speak against this channel and not against the contact. */
const OF_THE_CHANNEL: ReadonlySet<string> = new Set([
  'unreachable',
  'blocked',
  'consent',
  'refused',
  'sms', // a receipt that was faster than the answer of the gateway says that no part came through
]);

/** `channel`: another channel may still reach the contact. `reason` as in a verdict `suppressed`. */
export const closedBy = (reason: string): 'channel' | 'contact' =>
  OF_THE_CHANNEL.has(reason) ? 'channel' : 'contact';
