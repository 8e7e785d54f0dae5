// Work on many things at once, but never on more than a system can take.

/** Calls `work` for each item, at most `atOnce` at a time. The first failure is the caller's; work begun by then goes on. */
export async function sideBySide<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const hand = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, hand));
}
