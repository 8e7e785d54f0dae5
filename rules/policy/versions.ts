// Which of a policy's publications is in force at an instant.

import { instantAt } from '../time/instant';

/** One act of publishing a version; going back to an earlier version is another one. */
export interface Publication {
  readonly version: number;
  /** ISO: when it was published. */
  readonly at: string;
  /** ISO, of the version's body; absent: at once. */
  readonly effectiveFrom?: string | undefined;
}

/** From when a publication counts: never from before it was made, for what was decided by then stands. */
function startOf({ version, at, effectiveFrom }: Publication): number {
  const published = instantAt(at, `publications.${version}.at`);
  if (effectiveFrom === undefined) return published;
  return Math.max(published, instantAt(effectiveFrom, `publications.${version}.effectiveFrom`));
}

/**
 * The publication in force at an instant (milliseconds): the latest to take effect by then; of those that take effect
 * together the highest version. Undefined: none is in force yet.
 */
export function inForceAt<P extends Publication>(
  publications: readonly P[],
  at: number,
): P | undefined {
  let found: { readonly publication: P; readonly from: number } | undefined;
  for (const publication of publications) {
    const from = startOf(publication);
    if (from > at) continue;

    const later = found === undefined || from > found.from;
    if (later || (from === found?.from && publication.version > found.publication.version))
      found = { publication, from };
  }

  return found?.publication;
}
