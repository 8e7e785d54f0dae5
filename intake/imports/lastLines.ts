// The last line of every contact in a file, in 12 bytes a contact and some room: a million of them take about 25 MB.

import { hash } from 'node:crypto';

export interface LastLines {
  set(contactId: string, line: number): void;
  /** 0: the contact is not in the file. */
  of(contactId: string): number;
}

const FIRST_SLOTS = 1 << 12;
/** Fuller than this, looking for a free place takes long. */
const MOST_FULL = 0.6;

/** Contacts are told apart by 64 bits of their digest: among a million, two are alike once in 10^7 files. */
export function createLastLines(): LastLines {
  let digests = new BigUint64Array(FIRST_SLOTS);
  let lines = new Uint32Array(FIRST_SLOTS);
  let used = 0;

  const slotOf = (digest: bigint): number => {
    const mask = digests.length - 1;
    let slot = Number(digest & 0xffffffffn) & mask;
    while (lines[slot] !== 0 && digests[slot] !== digest) slot = (slot + 1) & mask;
    return slot;
  };

  function put(digest: bigint, line: number): void {
    const slot = slotOf(digest);
    if (lines[slot] === 0) used += 1;
    digests[slot] = digest;
    lines[slot] = line;
  }

  function grow(): void {
    const [oldDigests, oldLines] = [digests, lines];
    digests = new BigUint64Array(oldDigests.length * 2);
    lines = new Uint32Array(oldLines.length * 2);
    used = 0;
    for (const [slot, line] of oldLines.entries()) if (line > 0) put(oldDigests[slot] ?? 0n, line);
  }

  return {
    set(contactId, line) {
      if (used >= digests.length * MOST_FULL) grow();
      put(digestOf(contactId), line);
    },
    of: (contactId) => lines[slotOf(digestOf(contactId))] ?? 0,
  };
}

const digestOf = (contactId: string): bigint =>
  (hash('sha256', contactId, 'buffer') as Buffer).readBigUInt64LE();
