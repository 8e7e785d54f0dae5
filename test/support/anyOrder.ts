// Histories as they are told: all of it in some order, and some of it again.

import fc from 'fast-check';

/** What happened, the same shuffled, and what of it is told once more. */
export const toldInAnyOrder = <T>(
  histories: fc.Arbitrary<T[]>,
): fc.Arbitrary<[history: T[], shuffled: T[], repeated: T[]]> =>
  histories.chain((history) =>
    fc.tuple(
      fc.constant(history),
      fc.shuffledSubarray(history, { minLength: history.length }),
      fc.subarray(history),
    ),
  );
