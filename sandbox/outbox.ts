// What the systems and customers still have to tell sopflow: durable, in order per lane, repeated until it is taken or given up.

import type { Clock } from './clock';
import type { Faults, System } from './faults';
import type { Serials } from './identity';
import type { Table, Tables } from './tables';
import type { Told } from './told';

export interface Parcel {
  readonly id: string;
  readonly to: System | 'event';
  /** What it is about, for faults that name a path. */
  readonly topic: string;
  /** Parcels of one lane go one after the other. */
  readonly lane: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly attempts: number;
  readonly dueAt: number;
}

/** `again`: no answer, or an answer that promises nothing. */
export type Posted = 'taken' | 'again' | 'refused';

/** Carries parcels of one kind out; all of them are either taken, refused or to be tried again. */
export type Carrier = (parcels: readonly Parcel[]) => Promise<Posted>;

export interface Outbox {
  add(parcel: Pick<Parcel, 'to' | 'topic' | 'lane' | 'body'>): void;
  /** Posts what is due; resolves when those posts have ended. */
  run(): Promise<void>;
  /** Parcels given up since the start. */
  lost(): number;
}

const PARALLEL = 32;
const EVENTS_A_POST = 500;
const REORDER_MS = 1500;
const CALLBACK_FAULTS = ['drop-callback', 'duplicate-callback', 'reorder-callback'] as const;

/** How a sender repeats what was not taken: how often it posts in all, and how long it waits after its nth post. */
interface Patience {
  readonly posts: number;
  pauseMs(posted: number): number;
}

/** WeCom posts three times in all and forgets. Its pauses are not documented; its time-out is five seconds. */
const WECOM: Patience = { posts: 3, pauseMs: () => 5000 };

/** Receipts, results and events come from systems that keep on trying: for more than an hour. */
const OTHERS: Patience = { posts: 1000, pauseMs: (posted) => Math.min(1000 * posted, 5000) };

interface Deps {
  readonly clock: Clock;
  readonly tables: Tables;
  readonly parcels: Table<Parcel>;
  readonly told: Table<Told>;
  readonly serials: Serials;
  readonly faults: Faults;
  readonly carry: Carrier;
  /** False while nobody said where sopflow is: parcels then wait without being counted as tried. */
  readonly connected: () => boolean;
}

interface OutboxState extends Deps {
  /** On their way now. */
  readonly carrying: Set<Parcel>;
  posts: number;
  lost: number;
}

export function createOutbox(deps: Deps): Outbox {
  const state: OutboxState = { ...deps, carrying: new Set(), posts: 0, lost: 0 };
  return {
    add: (parcel) => add(state, parcel),
    run: () => postWhatIsDue(state),
    lost: () => state.lost,
  };
}

type Posting = Pick<Parcel, 'to' | 'topic' | 'lane' | 'body'>;

function add(state: OutboxState, parcel: Posting): void {
  remember(state, parcel);

  const system = parcel.to === 'event' ? null : parcel.to;
  const fault = system && state.faults.strike(system, parcel.topic, CALLBACK_FAULTS);
  if (fault?.kind === 'drop-callback') return;

  put(state, parcel, fault?.kind === 'reorder-callback' ? (fault.delayMs ?? REORDER_MS) : 0);
  if (fault?.kind === 'duplicate-callback') put(state, parcel, 0);
}

/** Of the systems that can be asked again: whatever becomes of the post. */
function remember({ told, serials, clock }: OutboxState, { to, body }: Posting): void {
  if (to === 'event' || to === 'wecom') return;

  const seq = serials.count('told');
  told.set(String(seq), { seq, system: to, at: clock.now(), body });
}

function put({ serials, parcels, clock }: OutboxState, parcel: Posting, delayMs: number): void {
  const id = String(serials.count('parcel'));
  // A parcel held back to arrive out of order must not hold up those behind it.
  const lane = delayMs > 0 ? `held-${id}` : parcel.lane;
  parcels.set(id, { ...parcel, id, lane, attempts: 0, dueAt: clock.now() + delayMs });
}

async function postWhatIsDue(state: OutboxState): Promise<void> {
  const { parcels, connected, carrying, clock, posts } = state;
  if (parcels.size === 0 || !connected()) return;

  const { single, events } = ready(parcels.all(), carrying, clock.now());
  const batches = [
    ...single.slice(0, Math.max(0, PARALLEL - posts)).map((parcel) => [parcel]),
    ...(events.length > 0 ? [events] : []),
  ];

  await Promise.all(batches.map((batch) => post(state, batch)));
}

async function post(state: OutboxState, batch: readonly Parcel[]): Promise<void> {
  for (const parcel of batch) state.carrying.add(parcel);
  state.posts += 1;
  const posted = await state.carry(batch);
  state.posts -= 1;

  state.tables.atomically(() => {
    for (const parcel of batch) conclude(state, parcel, posted);
  });
}

function conclude(state: OutboxState, parcel: Parcel, posted: Posted): void {
  const { carrying, parcels, clock } = state;
  const patience = parcel.to === 'wecom' ? WECOM : OTHERS;
  carrying.delete(parcel);
  if (parcels.get(parcel.id) !== parcel) return; // the world was reset meanwhile

  const attempts = parcel.attempts + 1;
  const over = posted === 'refused' || (posted === 'again' && attempts >= patience.posts);
  if (over) state.lost += 1;
  if (over || posted === 'taken') {
    parcels.delete(parcel.id);
    return;
  }

  const dueAt = clock.now() + patience.pauseMs(attempts);
  parcels.set(parcel.id, { ...parcel, attempts, dueAt });
}

/** What may go now: the head of each lane, and one run of events from the front. */
function ready(
  waiting: readonly Parcel[],
  carrying: ReadonlySet<Parcel>,
  now: number,
): { single: Parcel[]; events: Parcel[] } {
  const busy = new Set<string>();
  const single: Parcel[] = [];
  const events: Parcel[] = [];
  let eventsBlocked = false;

  for (const parcel of waiting) {
    const free = !carrying.has(parcel) && parcel.dueAt <= now;
    if (parcel.to === 'event') {
      eventsBlocked ||= !free;
      if (!eventsBlocked && events.length < EVENTS_A_POST) events.push(parcel);
    } else {
      if (free && !busy.has(parcel.lane)) single.push(parcel);
      busy.add(parcel.lane);
    }
  }

  return { single, events };
}
