// A way to reach a customer. A new channel is one implementation of this and a line in the composition root.

import type { ChannelName } from '../rules/contact/contact';

/** One touch, ready to go out. Personal data live here and in the channel only. */
export interface Delivery {
  readonly touchId: string;
  readonly contactId: string;
  readonly text: string;
  readonly phone?: string;
  readonly externalUserId?: string;
  readonly staffId?: string;
  /** WeCom: answer to having been added, valid 20 s and once. */
  readonly welcomeCode?: string;
  /** Milliseconds: when this delivery was first asked for. A look-up searches from here. */
  readonly askedAt: number;
  /** Milliseconds: after this it must not reach the customer any more. */
  readonly expiresAt?: number;
  /** Milliseconds: who must act on it can no longer do so from then on. */
  readonly settleBy?: number;
  /** The channel's reference of the task that this one stands in for; it is not the one that a look-up searches. */
  readonly replaces?: string;
}

export type Delivered =
  /** The channel took it at `acceptedAt` (milliseconds), in so many parts; its receipts say what becomes of them. */
  | {
      readonly kind: 'accepted';
      readonly channelRef: string;
      readonly acceptedAt: number;
      readonly parts: number;
    }
  /** It has reached the customer, and nothing more will be heard of it. */
  | { readonly kind: 'sent'; readonly channelRef: string; readonly deliveredAt: number }
  | { readonly kind: 'tasked'; readonly channelRef: string }
  /** `reason` is the system's own code. Retryable: nothing was sent, and the same may succeed after `retryAfterMs`. */
  | {
      readonly kind: 'refused';
      readonly reason: string;
      readonly retryable: boolean;
      readonly retryAfterMs?: number;
    };

export interface Channel {
  readonly name: ChannelName;
  /** Longest text in bytes of UTF-8. */
  readonly maxBytes: number;
  /** Stands before every text, exactly once (`【…】`): who sends it. Absent: the channel shows that by itself. */
  readonly signature?: string;
  /** Ends every marketing text that does not say it already: how to refuse further ones. Absent: the channel needs none. */
  readonly refusalNote?: string;
  /**
   * Hands touches over, of one contact or of a page, and answers in the order they were given.
   * A rejection is an unknown outcome (no answer, broken answer): ask `lookup` before trying again. One that fails holds up no other.
   * Once `isOver` nothing more is begun: what is left is rejected.
   */
  deliverMany(
    deliveries: readonly Delivery[],
    isOver: () => boolean,
  ): Promise<readonly PromiseSettledResult<Delivered>[]>;
  /**
   * Milliseconds from its beginning in which a call may still land although nobody waits for its answer any more. Only after
   * them does a look-up that finds nothing mean that there will be nothing. Absent: a repeat is known by its id and harmless.
   */
  landsWithinMs?(delivery: Delivery): number;
  /** What the system's own record says of this touch; null: it never took it. Throws when the record cannot be read. */
  lookup(delivery: Delivery): Promise<Delivered | null>;
}
