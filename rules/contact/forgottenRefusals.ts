// Whoever was forgotten and is brought in again is marketed to on no channel, unless a consent is brought that is younger.

import type { AddressWords, ConsentStatement } from './consentLog';
import { CHANNEL_NAMES } from './contact';

/** What is bound to the keyed hash of each name: as if the customer had said no when asking to be forgotten (`at`, ISO). */
export const forgottenRefusals = (at: string): readonly ConsentStatement[] =>
  CHANNEL_NAMES.map((channel) => ({
    ...{ channel, class: 'marketing', state: 'refused' },
    ...{ source: 'forgotten', own: true, receivedAt: at },
  }));

/** What was said from an address, and what the hash of its name says besides. */
export const joinedWords = (
  said: AddressWords | undefined,
  forgotten: AddressWords | undefined,
): AddressWords => ({
  ...forgotten,
  statements: [...(said?.statements ?? []), ...(forgotten?.statements ?? [])],
  heldChannels: said?.heldChannels ?? [],
});
