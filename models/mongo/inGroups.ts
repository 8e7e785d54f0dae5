// Writes that many ask for at once go to the database together.

/**
 * What is given while a write is under way is written by the next one, with all else that was given meanwhile. Each caller waits for
 * the write that holds what it gave, and fails with it: what is written must bear to be written again.
 */
export function inGroups<T>(
  write: (items: readonly T[]) => Promise<void>,
): (items: readonly T[]) => Promise<void> {
  let next: { readonly items: T[]; readonly written: Promise<void> } | null = null;
  let last: Promise<unknown> = Promise.resolve();

  return (items) => {
    if (next) {
      next.items.push(...items);
      return next.written;
    }

    const group = [...items];
    const written = last.then(() => {
      next = null;
      return write(group);
    });
    next = { items: group, written };
    last = written.catch(() => {}); // its callers are told
    return written;
  };
}
