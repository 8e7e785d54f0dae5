// Reads and compares dotted version numbers.

/** The dotted number after `before` in a text such as `go version go1.26.8 linux/amd64`; undefined when absent. */
export function versionAfter(text: string, before: string): string | undefined {
  const at = text.indexOf(before);
  return at < 0 ? undefined : /^\D{0,2}(\d+(?:\.\d+)*)/.exec(text.slice(at + before.length))?.[1];
}

/** Whether `version` is `wanted` or newer; missing parts count as 0. */
export function atLeast(version: string, wanted: string): boolean {
  const [have, need] = [version, wanted].map((text) => text.split('.').map(Number));
  for (let part = 0; part < (need?.length ?? 0); part++) {
    const difference = (have?.[part] ?? 0) - (need?.[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }

  return true;
}
