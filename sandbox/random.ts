// Seeded randomness: the same seed and the same order of questions give the same world.

export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number in [0, below). */
  int(below: number): number;
  chance(probability: number): boolean;
  /** One of the list. @throws when the list is empty. */
  pick<T>(list: readonly T[]): T;
  /** One of the keys, as likely as its weight. @throws when no weight is positive. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K;
  /** A waiting time of a memoryless process with this mean. */
  exponential(mean: number): number;
}

/** A stream of its own per name, so that one part asking more often does not shift the answers of another. */
export function createRandom(seed: number, name: string): Random {
  const next = mulberry32((seed ^ hash(name)) >>> 0);
  const int = (below: number): number => Math.floor(next() * below);

  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick(list) {
      const picked = list[int(list.length)];
      if (picked === undefined) throw new Error('cannot pick from an empty list');
      return picked;
    },
    weighted(weights) {
      const entries = Object.entries<number>(weights);
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);

      for (const [key, weight] of entries) {
        left -= weight;
        if (left < 0) return key as keyof typeof weights; // Object.entries forgets the key type
      }

      throw new Error('no weight is positive');
    },
    exponential: (mean) => -Math.log(1 - next()) * mean,
  };
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** FNV-1a over UTF-16 code units. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1)
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value;
}
