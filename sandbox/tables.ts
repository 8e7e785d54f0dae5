// Rows in memory, by id and by a few indexes, every change of which goes through the journal.

import type { Change, Journal } from './journal';

export interface Table<T> {
  readonly size: number;
  get(id: string): T | undefined;
  set(id: string, row: T): void;
  delete(id: string): void;
  /** In the order in which the ids first came. */
  all(): T[];
  ids(): readonly string[];
  /** Rows whose index function gave this key. */
  by(index: string, key: string): T[];
}

export interface Tables {
  /** The table of this name; asked once per name. */
  open<T>(
    name: string,
    indexes?: Readonly<Record<string, (row: T) => string | undefined>>,
  ): Table<T>;
  /** All changes made inside reach the journal as one line. Nests; the outermost writes. */
  atomically<R>(work: () => R): R;
  /** Empties every table and the journal. */
  clear(): void;
}

const CHUNK = 500;

export function createTables(journal: Journal): Tables {
  const rows = replay(journal.read());
  journal.rewrite(snapshot(rows));
  const forget: (() => void)[] = [];
  let pending: Change[] = [];
  let depth = 0;

  const write = (change: Change): void => {
    if (depth > 0) pending.push(change);
    else journal.append([change]);
  };

  return {
    open(name, indexes = {}) {
      const kept = rows.get(name) ?? new Map<string, unknown>();
      rows.set(name, kept);
      const { table, reset } = createTable(name, kept as Map<string, never>, indexes, write); // rows come back as they were written
      forget.push(reset);
      return table;
    },
    atomically(work) {
      depth += 1;
      try {
        return work();
      } finally {
        depth -= 1;
        if (depth === 0 && pending.length > 0) {
          const line = pending;
          pending = [];
          journal.append(line);
        }
      }
    },
    clear() {
      pending = [];
      for (const reset of forget) reset();
      journal.rewrite([]);
    },
  };
}

type Indexes<T> = Readonly<Record<string, (row: T) => string | undefined>>;

function createTable<T>(
  name: string,
  rows: Map<string, T>,
  indexes: Indexes<T>,
  write: (change: Change) => void,
): { table: Table<T>; reset: () => void } {
  const index = createIndex(indexes);
  const idList = createIdList(rows);
  for (const [id, row] of rows) index.enter(id, row);
  const table: Table<T> = {
    get size() {
      return rows.size;
    },
    get: (id) => rows.get(id),
    set(id, row) {
      if (!rows.has(id)) idList.clear();
      index.leave(id, rows.get(id));
      index.enter(id, row);
      rows.set(id, row);
      write([name, id, row]);
    },
    delete(id) {
      index.leave(id, rows.get(id));
      idList.clear();
      if (rows.delete(id)) write([name, id, null]);
    },
    all: () => [...rows.values()],
    ids: idList.read,
    by: (label, key) =>
      index.ids(label, key).flatMap((id) => {
        const row = rows.get(id);
        return row === undefined ? [] : [row];
      }),
  };

  const reset = (): void => {
    for (const part of [rows, index, idList]) part.clear();
  };
  return { table, reset };
}

/** The ids of all rows: made when asked for, cleared when rows come or go. */
function createIdList(rows: ReadonlyMap<string, unknown>) {
  let ids: readonly string[] | null = null;
  return {
    read: (): readonly string[] => {
      ids ??= [...rows.keys()];
      return ids;
    },
    clear: (): void => {
      ids = null;
    },
  };
}

/** Ids of rows by what their index functions give. */
function createIndex<T>(indexes: Indexes<T>) {
  const idsByKey = new Map<string, Set<string>>();
  const keyOf = (label: string, value: string): string => `${label}\u0000${value}`;
  const keysOf = (row: T): string[] =>
    Object.entries(indexes).flatMap(([label, key]) => {
      const value = key(row);
      return value === undefined ? [] : [keyOf(label, value)];
    });

  return {
    enter(id: string, row: T): void {
      for (const key of keysOf(row)) {
        const ids = idsByKey.get(key) ?? new Set<string>();
        idsByKey.set(key, ids.add(id));
      }
    },
    leave(id: string, row: T | undefined): void {
      if (row !== undefined) for (const key of keysOf(row)) idsByKey.get(key)?.delete(id);
    },
    ids: (label: string, value: string): string[] => [...(idsByKey.get(keyOf(label, value)) ?? [])],
    clear: (): void => idsByKey.clear(),
  };
}

function replay(lines: Change[][]): Map<string, Map<string, unknown>> {
  const rows = new Map<string, Map<string, unknown>>();
  for (const [name, id, row] of lines.flat()) {
    const table = rows.get(name) ?? new Map<string, unknown>();
    rows.set(name, table);
    if (row === null) table.delete(id);
    else table.set(id, row);
  }

  return rows;
}

function snapshot(rows: Map<string, Map<string, unknown>>): Change[][] {
  const changes = [...rows].flatMap(([name, table]) =>
    [...table].map(([id, row]): Change => [name, id, row]),
  );
  const lines: Change[][] = [];
  for (let at = 0; at < changes.length; at += CHUNK) lines.push(changes.slice(at, at + CHUNK));
  return lines;
}
