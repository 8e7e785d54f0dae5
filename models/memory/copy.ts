// Copies plain values in and out of the fakes, as a database would: nothing is shared, and `undefined` is not kept.

/** A deep copy of plain JSON-like data. */
export function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as T;
  if (value === null || typeof value !== 'object') return value;

  const result: Record<string, unknown> = {};
  for (const key in value) if (value[key] !== undefined) result[key] = copy(value[key]);

  return result as T;
}

/** The rows of a map in ascending order of their keys, after `after`. */
export function* sorted<V>(rows: ReadonlyMap<string, V>, after = ''): Generator<V> {
  for (const key of [...rows.keys()].filter((each) => each > after).sort()) {
    const row = rows.get(key);
    if (row !== undefined) yield row;
  }
}

/** The first `limit` of the rows that fit, copied. */
export function take<V>(rows: Iterable<V>, limit: number, fits: (row: V) => boolean): V[] {
  const taken: V[] = [];
  for (const row of rows) {
    if (taken.length >= limit) break;
    if (fits(row)) taken.push(copy(row));
  }

  return taken;
}
