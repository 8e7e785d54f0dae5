// The name that was probably meant by one that nobody knows.

/** The known name with the fewest changes of a letter from the given one, whatever their case; undefined: none is like it. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(given.length / 3));
  let best: { readonly name: string; readonly changes: number } | undefined;

  for (const name of known) {
    const changes = changesBetween(given.toLowerCase(), name.toLowerCase());
    if (changes <= most && changes < (best?.changes ?? Number.POSITIVE_INFINITY))
      best = { name, changes };
  }

  return best?.name;
}

/** Letters to add, to remove, to replace or to swap with their neighbour. */
function changesBetween(a: string, b: string): number {
  const from = [...a];
  const to = [...b];
  let [before, row] = [[] as number[], Array.from({ length: to.length + 1 }, (_, j) => j)];

  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = at(row, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swapped =
        from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1] ? at(before, j - 2) + 1 : replaced;
      next.push(Math.min(at(row, j) + 1, at(next, j - 1) + 1, replaced, swapped));
    }
    [before, row] = [row, next];
  }

  return at(row, to.length);
}

const at = (row: readonly number[], index: number): number =>
  row[index] ?? Number.POSITIVE_INFINITY;
