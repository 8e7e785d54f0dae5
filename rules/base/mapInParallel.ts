// Work on many things at once, but never on more than a system can take.

/** Calls to one outside system, or to the engine, at a time. */
const CALLS_AT_ONCE = 16;

/**
 * Calls `work` for each item, at most `CALLS_AT_ONCE` at a time, and answers in the order of the items.
 * The first failure is the caller's; work begun by then goes on.
 */
export async function mapInParallel<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();

  const lane = async (): Promise<void> => {
    for (const [i, item] of queue) results[i] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(CALLS_AT_ONCE, items.length) }, lane));

  return results;
}
