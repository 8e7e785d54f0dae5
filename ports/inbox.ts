// The inbox: what came in from outside, written before it is acknowledged and kept until it was processed.

import type { Issue } from '../rules/base/errors';

/** What is taken first: opt-outs and adds, then what a customer does now, then what comes in bulk. */
export type Urgency = 'urgent' | 'prompt' | 'bulk';

export interface Inbound {
  /** Unique: the same fact delivered twice has the same key. */
  readonly key: string;
  readonly kind: 'wecom' | 'event' | 'sms' | 'crm' | 'iop' | 'lead';
  /** Items of the same lane are processed one after the other, in the order they came. */
  readonly lane: string;
  /** The lane of those who came under the same name before it was known whose it is: such an item waits for the older ones there. */
  readonly behind?: string;
  readonly urgency: Urgency;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly receivedAt: number;
}

/** An item on its way in. */
export interface Arrival extends Inbound {
  /** Of its lane; who holds the partition processes its items. */
  readonly partition: number;
  /** Of who puts it in, when it holds the partition: it has claimed the item. */
  readonly fence?: number;
}

/** An item that waits, without its payload. */
export interface InboundRef extends Omit<Inbound, 'payload'> {
  readonly partition: number;
  /** Order of arrival: an item that was put in after another one's put had ended has the higher one, whichever process put them in. */
  readonly seq: number;
}

/** `conflict`: the key was seen before with other content; the item is kept, parked. */
export type PutOutcome = 'new' | 'duplicate' | 'conflict';

/** What tells who holds a partition whether others put something into it. */
export interface Marks {
  /** By partition; absent: nobody ever did. A mark that moved says that there is more to read. */
  readonly foreign: Readonly<Record<string, number>>;
}

export interface PutResult {
  readonly outcomes: readonly PutOutcome[];
  readonly seqs: readonly number[];
  /** As they were before the items were written: what these marks tell of came earlier. */
  readonly marks: Marks;
}

/** Why an item was parked, as data. */
export interface ParkedReason {
  readonly code: string;
  readonly message: string;
  readonly issues?: readonly Issue[];
  /** Key of the item that had come with other content. */
  readonly conflictsWith?: string;
}

export type InboxState = 'pending' | 'parked' | 'done' | 'discarded';

/** What a person did with a parked item. */
export interface InboxStep {
  readonly at: string;
  readonly by: string;
  readonly did: 'replayed' | 'mended' | 'discarded';
  readonly why?: string;
  /** Before it was mended. */
  readonly payload?: Readonly<Record<string, unknown>>;
}

/** An item as people see it. */
export interface InboxRow extends Inbound {
  readonly state: InboxState;
  readonly attempts: number;
  readonly lastError?: string;
  readonly reason?: ParkedReason;
  readonly history: readonly InboxStep[];
}

/** Calls that take a fence act for who holds it; false or null: somebody else has taken the item since, or it waits no more. */
export interface Inbox {
  /** Durable when it resolves. */
  put(items: readonly Arrival[]): Promise<PutResult>;
  marks(): Promise<Marks>;
  /** What waits in some partitions, in order of arrival. */
  waiting(partitions: readonly number[], limit: number): Promise<InboundRef[]>;
  /** The whole item, which nobody with a lower fence can end any more. */
  claim(key: string, fence: number): Promise<Inbound | null>;

  /** Into another lane, keeping its place in the order of arrival; whoever holds that one must claim it. */
  move(key: string, fence: number, to: Pick<Arrival, 'lane' | 'partition'>): Promise<boolean>;
  /** True while something that came before waits in a lane. */
  isWaitingBefore(lane: string, seq: number): Promise<boolean>;

  done(key: string, fence: number): Promise<boolean>;
  /** Counts a failed try; answers how many there were. The item stays pending. */
  failed(key: string, fence: number, error: string): Promise<number | null>;
  /** Gives up on an item; it is kept for people to see, to mend and to replay. */
  park(key: string, fence: number, reason: ParkedReason): Promise<boolean>;

  find(key: string): Promise<InboxRow | null>;
  /** By key, ascending, after `after`. */
  list(filter: {
    readonly state: InboxState;
    readonly after?: string;
    readonly limit: number;
  }): Promise<InboxRow[]>;
  /**
   * Takes away at most `limit` items that were done with and came before an instant (milliseconds); how many. What waits or is
   * parked stays until somebody has dealt with it. A key that is gone is new again.
   */
  removeBefore(before: number, limit: number): Promise<number>;
  /** Whatever became of them: all items of these lanes, in order of arrival. */
  ofLanes(lanes: readonly string[]): Promise<InboxRow[]>;
  /** Lets a parked item be processed again, last of its lane. False: it is parked no more. */
  replay(key: string, as: Omit<Arrival, 'key' | 'fence'>, step: InboxStep): Promise<boolean>;
  discard(key: string, step: InboxStep): Promise<boolean>;
  count(state: InboxState): Promise<number>;
}
