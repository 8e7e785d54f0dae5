// The inbox: what came in from outside, written before it is acknowledged and kept until it was processed.

export interface Inbound {
  /** Unique: the same fact delivered twice has the same key. */
  readonly key: string;
  readonly kind: 'wecom' | 'event' | 'sms' | 'crm' | 'iop' | 'lead';
  /** Items of the same lane are processed one after the other, in the order they came. */
  readonly lane: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly receivedAt: number;
}

export interface Inbox {
  /** Per item: true when it is new, false when its key was seen before. Durable when this resolves. */
  put(items: readonly Inbound[]): Promise<readonly boolean[]>;
  /** Items not processed yet, oldest first. */
  pending(limit: number): Promise<Inbound[]>;
  done(key: string): Promise<void>;
  /** Counts a failed try; returns how many there were. The item stays pending. */
  failed(key: string, error: string): Promise<number>;
  /** Gives up on an item that can never succeed; it is kept for people to see. */
  refuse(key: string, error: string): Promise<void>;
  depth(): Promise<number>;
}
