// What stands at a dotted path of a value, reaching into lists as MongoDB does.

/** Stands for a field that is not there; `null` is a value. */
export const MISSING = undefined;

/** Told each value in turn; true ends the walk. */
type Visit = (found: unknown) => boolean;

/**
 * Visits what stands at `path`. A list on the way is entered: each object in it is asked for the rest of the path,
 * and a numeric part is also the index of an element. Lists within lists are not entered, but by index.
 * An object without the field gives MISSING; a list without objects gives nothing.
 * @param path parts of the path from `start` on
 * @returns true when a visit ended the walk
 */
export function someAt(
  value: unknown,
  path: readonly string[],
  start: number,
  visit: Visit,
): boolean {
  let found = value;

  for (let i = start; i < path.length; i += 1) {
    if (Array.isArray(found)) return someInList(found, path, i, visit);
    found = fieldOf(found, path[i] as string);
    if (found === MISSING) return visit(MISSING);
  }

  return visit(found);
}

function someInList(
  list: readonly unknown[],
  path: readonly string[],
  start: number,
  visit: Visit,
): boolean {
  const part = path[start] as string;

  return list.some((element, index) => {
    if (isRecord(element) && someAt(element, path, start, visit)) return true;
    return String(index) === part && someAt(element, path, start + 1, visit);
  });
}

/** Own fields only: names such as `length` or `toString` must not reach what the language adds. */
const fieldOf = (value: unknown, name: string): unknown =>
  isRecord(value) && Object.hasOwn(value, name) ? value[name] : MISSING;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
