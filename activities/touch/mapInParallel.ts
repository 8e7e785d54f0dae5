// Work on many things at once, but never on more than a system can take.

/** Calls to one channel, or to the engine, at a time. */
export const CHANNEL_CALLS_AT_ONCE = 16;

/**
 * Calls `work` for each item, at most `atOnce` at a time, and answers in the order of the items.
 * The first failure is the caller's; work begun by then goes on.
 */
export async function mapInParallel<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();

  const lane = async (): Promise<void> => {
    for (const [i, item] of queue) results[i] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));

  return results;
}
