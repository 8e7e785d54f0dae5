// What many ask of the database at once is asked together.

/**
 * What is given while a call is under way goes into the next one, with all else that was given meanwhile. Each caller is answered for
 * what it gave, in its order, once that call has ended, and fails with it: what is asked must bear to be asked again.
 */
export function inGroups<Item, Answer>(
  ask: (items: readonly Item[]) => Promise<readonly Answer[]>,
): (items: readonly Item[]) => Promise<readonly Answer[]> {
  let next: { readonly items: Item[]; readonly answers: Promise<readonly Answer[]> } | null = null;
  let last: Promise<unknown> = Promise.resolve();

  return async (items) => {
    const group = next ?? begin();
    const from = group.items.length;
    group.items.push(...items);
    return (await group.answers).slice(from, from + items.length);
  };

  function begin() {
    const items: Item[] = [];
    const answers = last.then(() => {
      next = null;
      return ask(items);
    });
    last = answers.catch(() => {}); // its callers are told
    next = { items, answers };
    return next;
  }
}
