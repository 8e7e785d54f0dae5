// What journeys need of WeCom besides delivering: who a customer is, tags, and the life of a mass send.

/** Per touch of a mass send: the member has not acted, it arrived, or the platform refused it. */
export type MassSendResult =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'sent'; readonly deliveredAt: number }
  | { readonly kind: 'failed'; readonly why: 'not-a-friend' | 'platform-cap' };

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

export interface WecomDesk {
  /** Null: no relation with anybody. */
  customer(externalUserId: string): Promise<WecomCustomer | null>;
  /** Tags are named by text and created when missing. */
  tag(staffId: string, externalUserId: string, tags: readonly string[]): Promise<void>;
  /** Null: WeCom is still dispatching it, ask again later. */
  massSendResult(
    msgid: string,
    staffId: string,
    externalUserId: string,
  ): Promise<MassSendResult | null>;
  /** True once the member has confirmed it: the results are worth reading. */
  hasSent(msgid: string, staffId: string): Promise<boolean>;
  /** What became of it, by customer (external id). Null: WeCom is still dispatching it. */
  massSendResults(
    msgid: string,
    staffId: string,
  ): Promise<ReadonlyMap<string, MassSendResult> | null>;
  /** False: no more reminders allowed today. */
  remindMassSend(msgid: string): Promise<boolean>;
  /** Stops members who have not sent yet; what was sent stays sent. Repeats are harmless. */
  cancelMassSend(msgid: string): Promise<void>;
}
