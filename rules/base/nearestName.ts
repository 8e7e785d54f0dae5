// The name that somebody meant who wrote another one.

/** Changes of one letter that are still taken for a slip: two, or a third of a longer name. */
const slipsAllowed = (name: string): number => Math.max(2, Math.floor(name.length / 3));

/** The name that takes the fewest changes of one letter; null: none is near. */
export function nearestName(given: string, names: readonly string[]): string | null {
  const ranked = names
    .map((name) => ({ name, slips: slipsBetween(given.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.slips - b.slips);

  const [nearest] = ranked;
  return nearest && nearest.slips <= slipsAllowed(nearest.name) ? nearest.name : null;
}

/** How many letters are added, left out, changed, or swapped with their neighbour. */
function slipsBetween(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;

  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          at(i - 1, j) + 1,
          at(i, j - 1) + 1,
          at(i - 1, j - 1) + (isSame ? 0 : 1),
          isSwapped ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }

  return at(a.length, b.length);
}
