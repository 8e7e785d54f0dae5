// The inbox in memory.

import type {
  Arrival,
  Inbound,
  InboundRef,
  Inbox,
  InboxRow,
  InboxState,
  InboxStep,
  Marks,
  ParkedReason,
  PutOutcome,
  PutResult,
} from '../../ports/inbox';
import { conflictKey, conflictReason, contentDigest } from '../inboxContent';
import { copy, sorted, take } from './copy';

interface Row {
  readonly item: Inbound;
  readonly digest: string;
  readonly partition: number;
  readonly seq: number;
  readonly state: InboxState;
  readonly fence: number;
  readonly attempts: number;
  readonly lastError?: string;
  readonly reason?: ParkedReason;
  readonly history: readonly InboxStep[];
}

interface State {
  readonly rows: Map<string, Row>;
  readonly foreign: Record<string, number>;
  /** The `seq` of the item that came last. */
  lastSeq: number;
}

export function createMemoryInbox(): Inbox {
  const state: State = { rows: new Map(), foreign: {}, lastSeq: 0 };
  const { rows } = state;

  return {
    put: async (items) => putItems(state, items),
    marks: async () => marksOf(state),
    waiting: async (partitions, limit) => waitingRefs(state, partitions, limit),

    claim: async (key, fence) => claimItem(state, key, fence),
    move: async (key, fence, to) => moveItem(state, key, fence, to),
    isWaitingBefore: async (lane, seq) =>
      [...rows.values()].some(
        (row) => row.state === 'pending' && row.item.lane === lane && row.seq < seq,
      ),

    done: async (key, fence) => change(state, key, fence, { state: 'done' }),
    failed: async (key, fence, lastError) => countFailure(state, key, fence, lastError),
    park: async (key, fence, reason) => change(state, key, fence, { state: 'parked', reason }),

    find: async (key) => copy(rowView(rows.get(key))),
    list: async ({ state: wanted, after, limit }) =>
      take(sorted(rows, after), limit, (row) => row.state === wanted).flatMap(
        (row) => rowView(row) ?? [],
      ),
    removeBefore: async (before, limit) => {
      const old = [...rows.values()].filter(
        ({ state, item }) =>
          (state === 'done' || state === 'discarded') && item.receivedAt < before,
      );
      const gone = old.slice(0, limit);
      for (const { item } of gone) rows.delete(item.key);
      return gone.length;
    },
    ofLanes: async (lanes) =>
      [...rows.values()]
        .filter(({ item }) => lanes.includes(item.lane))
        .sort((a, b) => a.seq - b.seq)
        .flatMap((row) => rowView(row) ?? []),
    replay: async (key, as, step) => replayItem(state, key, as, step),
    discard: async (key, step) => endParked(state, key, step, { state: 'discarded' }),
    count: async (wanted) => [...rows.values()].filter((row) => row.state === wanted).length,
  };
}

const marksOf = ({ foreign }: State): Marks => ({ foreign: { ...foreign } });

function putItems(state: State, items: readonly Arrival[]): PutResult {
  const marks = marksOf(state);
  const seqs = items.map(() => ++state.lastSeq);
  const outcomes = items.map((item, i) => putItem(state, item, seqs[i] ?? 0));

  const foreign = items.filter(({ fence }, i) => outcomes[i] === 'new' && fence === undefined);
  markForeign(state, new Set(foreign.map(({ partition }) => partition)));

  return { outcomes, seqs, marks };
}

function putItem(
  { rows }: State,
  { partition, fence = 0, ...item }: Arrival,
  seq: number,
): PutOutcome {
  const known = rows.get(item.key);
  const digest = contentDigest(item);
  const base = { digest, partition, seq, attempts: 0, history: [] };

  if (!known) {
    rows.set(item.key, { ...base, item: copy(item), state: 'pending', fence });
    return 'new';
  }
  if (known.digest === digest) return 'duplicate';

  const key = conflictKey(item.key, digest);
  const reason = conflictReason(item.key);
  if (!rows.has(key))
    rows.set(key, { ...base, item: copy({ ...item, key }), state: 'parked', fence: 0, reason });
  return 'conflict';
}

function markForeign({ foreign }: State, partitions: ReadonlySet<number>): void {
  for (const partition of partitions) foreign[partition] = (foreign[partition] ?? 0) + 1;
}

function waitingRefs({ rows }: State, partitions: readonly number[], limit: number): InboundRef[] {
  return [...rows.values()]
    .filter(({ state, partition }) => state === 'pending' && partitions.includes(partition))
    .sort((a, b) => a.seq - b.seq)
    .slice(0, limit)
    .map(({ item: { payload: _payload, ...item }, partition, seq }) => ({
      ...item,
      partition,
      seq,
    }));
}

function claimItem({ rows }: State, key: string, fence: number): Inbound | null {
  const row = rows.get(key);
  if (row?.state !== 'pending' || row.fence > fence) return null;

  rows.set(key, { ...row, fence });
  return copy(row.item);
}

function moveItem(
  state: State,
  key: string,
  fence: number,
  { lane, partition }: Pick<Arrival, 'lane' | 'partition'>,
): boolean {
  const row = state.rows.get(key);
  if (!row || !change(state, key, fence, { item: { ...row.item, lane }, partition, fence: 0 }))
    return false;

  markForeign(state, new Set([partition]));
  return true;
}

/** False unless the item waits, claimed under this fence. */
function change({ rows }: State, key: string, fence: number, to: Partial<Row>): boolean {
  const row = rows.get(key);
  if (row?.state !== 'pending' || row.fence !== fence) return false;

  rows.set(key, { ...row, ...to });
  return true;
}

function countFailure(state: State, key: string, fence: number, lastError: string): number | null {
  const attempts = (state.rows.get(key)?.attempts ?? 0) + 1;
  return change(state, key, fence, { attempts, lastError }) ? attempts : null;
}

function replayItem(
  state: State,
  key: string,
  { partition, ...item }: Omit<Arrival, 'key' | 'fence'>,
  step: InboxStep,
): boolean {
  const seq = ++state.lastSeq;
  const again = { state: 'pending', attempts: 0, fence: 0, partition, seq } as const;
  const isParked = endParked(state, key, step, {
    ...again,
    item: copy({ key, ...item }),
    digest: contentDigest(item),
  });

  if (isParked) markForeign(state, new Set([partition]));
  return isParked;
}

function endParked({ rows }: State, key: string, step: InboxStep, to: Partial<Row>): boolean {
  const row = rows.get(key);
  if (row?.state !== 'parked') return false;

  rows.set(key, { ...row, ...to, history: [...row.history, copy(step)] });
  return true;
}

function rowView(row: Row | undefined): InboxRow | null {
  if (!row) return null;

  const { item, state, attempts, lastError, reason, history } = row;
  return {
    ...item,
    state,
    attempts,
    history,
    ...(lastError !== undefined && { lastError }),
    ...(reason !== undefined && { reason }),
  };
}
