// What journeys need of WeCom besides delivering: who a customer is, tags, and the life of a mass send.

/** Per touch of a mass send: the member has not acted, it arrived, or the platform refused it. */
export type MassSendResult =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'sent'; readonly deliveredAt: number }
  | { readonly kind: 'failed'; readonly why: 'not-a-friend' | 'platform-cap' };

/** One of many, of which WeCom may say something that nobody knows the meaning of. */
export type RowResult = MassSendResult | { readonly kind: 'unreadable'; readonly said: string };

export interface WecomCustomer {
  readonly externalUserId: string;
  readonly unionId?: string;
  readonly relations: readonly {
    readonly staffId: string;
    readonly addedAt: number;
    readonly scene?: string;
    readonly phones: readonly string[];
  }[];
}

/** One customer of a member of staff, as WeCom lists it. One-way ties, which the customer has ended, are among them. */
export interface WecomFollow {
  readonly externalUserId: string;
  /** Milliseconds, to the second. */
  readonly addedAt: number;
  readonly scene?: string;
  /** The key that the call-back of this add has, or would have had. */
  readonly addedKey: string;
}

/** A mass send that was made through the API of the corp: by us, or by another program. */
export interface MadeMassSend {
  readonly msgid: string;
  /** Milliseconds, to the second. */
  readonly madeAt: number;
  readonly text: string;
}

/** Made in `from <= at <= to`, milliseconds, at most 28 days apart; `cursor` null: the first page. */
export interface MassSendSpan {
  readonly from: number;
  readonly to: number;
  readonly cursor: string | null;
}

export interface MassSendRow {
  readonly staffId: string;
  readonly externalUserId: string;
  readonly result: RowResult;
}

/** `next` null: this was the last page. */
export interface WecomPage<T> {
  readonly rows: readonly T[];
  readonly next: string | null;
}

export interface WecomDesk {
  /** Null: no relation with anybody. */
  customer(externalUserId: string): Promise<WecomCustomer | null>;
  /** Tags are named by text and created when missing. */
  tag(staffId: string, externalUserId: string, tags: readonly string[]): Promise<void>;
  /** Null: WeCom is still dispatching it, ask again later. Throws on what has no meaning known to us. */
  massSendResult(
    msgid: string,
    staffId: string,
    externalUserId: string,
  ): Promise<MassSendResult | null>;
  /** True once the member has confirmed it: the results are worth reading. */
  hasSent(msgid: string, staffId: string): Promise<boolean>;
  /** What became of it, by customer (external id). Null: WeCom is still dispatching it. */
  massSendResults(msgid: string, staffId: string): Promise<ReadonlyMap<string, RowResult> | null>;
  /** False: no more reminders allowed today. */
  remindMassSend(msgid: string): Promise<boolean>;
  /** Stops members who have not sent yet; what was sent stays sent. Repeats are harmless. */
  cancelMassSend(msgid: string): Promise<void>;

  /** Members of staff who may have customers. */
  members(): Promise<readonly string[]>;
  /** The customers of a member in force now. */
  followsOf(staffId: string): Promise<readonly WecomFollow[]>;
  massSendsMade(span: MassSendSpan): Promise<WecomPage<MadeMassSend>>;
  /** What became of a mass send for every customer in it. Null: WeCom is still dispatching it. */
  massSendRows(msgid: string): Promise<readonly MassSendRow[] | null>;
  /** As `cancelMassSend`. True when this call stopped it, false when it was stopped before. */
  stopMassSend(msgid: string): Promise<boolean>;
}
