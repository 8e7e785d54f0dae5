// What holds the contacts of rehearsed waves: their records forget it once they have come to an end.

import type { Clock } from '../ports/clock';
import type { WaveContact, WaveStore } from '../ports/waves';
import type { PreviewHold } from '../rules/calendar/preview';

interface Holds {
  /** The same store, which is listened to. */
  readonly waves: WaveStore;
  /** Undefined: the contact was never held. */
  firstOf(contact: WaveContact): PreviewHold | undefined;
}

export function listenForHolds(waves: WaveStore, clock: Clock): Holds {
  const first = new Map<string, PreviewHold>();

  function note(contact: WaveContact): void {
    const { dueAt = '', state, reason, rule } = contact;
    // One that goes on at once, by another channel or another member, is not held.
    const isHeld = state === 'waiting' && Date.parse(dueAt) > clock.now();
    if (!isHeld || reason === undefined || first.has(keyOf(contact))) return;

    first.set(keyOf(contact), { reason, ...(rule !== undefined && { rule }) });
  }

  return {
    waves: {
      ...waves,
      keep: (contacts) => {
        for (const contact of contacts) note(contact);
        return waves.keep(contacts);
      },
    },
    firstOf: (contact) => first.get(keyOf(contact)),
  };
}

const keyOf = ({ waveId, contactId }: WaveContact): string => `${waveId}/${contactId}`;
