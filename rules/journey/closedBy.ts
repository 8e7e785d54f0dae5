// What a suppressed touch says of the next one: try another channel, or leave the contact alone.

import { noTextOn } from '../catalogue/texts';
import { CHANNEL_NAMES } from '../contact/contact';

/** Reasons that speak against this channel and not against the contact. */
const OF_THE_CHANNEL: ReadonlySet<string> = new Set([
  'unreachable',
  'blocked',
  'consent',
  'refused',
  'sms', // a receipt that was faster than the answer of the gateway says that no part came through
]);

/** A template may have a text for the next channel. */
const NO_TEXTS: ReadonlySet<string> = new Set(CHANNEL_NAMES.map(noTextOn));

/** `channel`: another channel may still reach the contact. `reason` and `rule` as in a verdict `suppressed`. */
export function closedBy(reason: string, rule = ''): 'channel' | 'contact' {
  const isWithoutText = reason === 'template' && NO_TEXTS.has(rule);
  return OF_THE_CHANNEL.has(reason) || isWithoutText ? 'channel' : 'contact';
}
