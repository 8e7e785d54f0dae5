// A named part of the bench: what it measures, as figures.

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

export interface BenchOptions {
  readonly seed: number;
  /** Of the chaos part. */
  readonly kills: number;
  /** Of the import part, half of them CSV, half a workbook; events of the trigger part. */
  readonly rows: number;
  /** Of the race part. */
  readonly contacts: number;
  readonly log: (line: string) => void;
}

export type Part = (options: BenchOptions) => Promise<readonly Figure[]>;

export interface Stopwatch {
  /** Seconds on the wall, and seconds of processor that this process used meanwhile. */
  stop(): { readonly wall: number; readonly cpu: number };
}

export function stopwatch(): Stopwatch {
  const began = process.hrtime.bigint();
  const cpu = process.cpuUsage();

  return {
    stop() {
      const used = process.cpuUsage(cpu);
      return {
        wall: Number(process.hrtime.bigint() - began) / 1e9,
        cpu: (used.user + used.system) / 1e6,
      };
    },
  };
}

/** Figures per second, on the wall and per second of processor: on a machine that others use, only the second compares. */
export function rates(
  name: string,
  count: number,
  { wall, cpu }: ReturnType<Stopwatch['stop']>,
): Figure[] {
  return [
    { name, value: Math.round(count / wall), unit: '/s' },
    { name: `${name}, per CPU second`, value: Math.round(count / cpu), unit: '/s' },
  ];
}

/** Works through items with so many at once. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++)
      await work(items[index] as T, index);
  };

  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
}

/** Mulberry32: numbers in [0, 1) that a seed repeats. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
