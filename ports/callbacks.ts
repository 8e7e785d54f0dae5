// What the systems report by themselves: decoded and verified call-backs, in our words. Keys are ready for the inbox.

import type { Issue } from '../rules/base/errors';
import type { SaidOutcome } from '../rules/journey/lead';

interface WecomFact {
  /** The same fact delivered twice has the same key (WeCom sends no event id). */
  readonly dedupeKey: string;
  /** Milliseconds: when it happened, to the second, as WeCom says. */
  readonly at: number;
}

interface WecomRelationFact extends WecomFact {
  readonly staffId: string;
  readonly externalUserId: string;
}

export type WecomCallback =
  /** `half`: the customer added the member, who has not confirmed yet; a welcome may go out, most other calls may not. */
  | (WecomRelationFact & {
      readonly kind: 'added';
      readonly half: boolean;
      /** Channel parameter of the code that was scanned. */
      readonly scene?: string;
      /** Absent when WeCom gives none: a console welcome is set, the chat had begun, or it came with the half add. */
      readonly welcomeCode?: string;
    })
  /** A person changed remark, phones or tags in WeCom: fetch the customer again. */
  | (WecomRelationFact & { readonly kind: 'edited' })
  /** `transferred`: another member has taken the customer over. */
  | (WecomRelationFact & { readonly kind: 'removed-by-staff'; readonly transferred: boolean })
  | (WecomRelationFact & { readonly kind: 'removed-by-customer' })
  | (WecomRelationFact & { readonly kind: 'transfer-failed'; readonly reason: string })
  /** Any other event, named as WeCom names it; to be acknowledged and left alone. */
  | (WecomFact & {
      readonly kind: 'other';
      readonly event: string;
      readonly changeType?: string;
      readonly staffId?: string;
      readonly externalUserId?: string;
    })
  /** Sealed by WeCom, and yet nothing that we can take: kept as it came, for people to see. WeCom would not send it again. */
  | (WecomFact & {
      readonly kind: 'malformed';
      readonly fields: Readonly<Record<string, string>>;
      readonly issues: readonly Issue[];
    });

/** Query parameters of a call-back, already URL-decoded. */
export type CallbackQuery = Readonly<Record<string, unknown>>;

export interface WecomCallbackCodec {
  /**
   * The plain text to answer a URL verification with: as it is, without quotes or newline.
   * @throws CodedError BAD_SIGNATURE, STALE_TIMESTAMP, FOREIGN_RECEIVER, INVALID_INPUT
   */
  verifyUrl(query: CallbackQuery): string;
  /** Verifies, decrypts and reads an event. Throws as `verifyUrl` does. */
  open(query: CallbackQuery, body: string): WecomCallback;
}

export type CallbackSystem = 'sms' | 'crm' | 'iop';

interface SystemFact {
  /** Unique per fact, given by the system. */
  readonly id: string;
  /** ISO: when it happened. */
  readonly at: string;
}

/** What became of a message. `clientMessageId` is the touchId. */
export interface SmsReceipt extends SystemFact {
  readonly system: 'sms';
  readonly type: 'receipt';
  readonly clientMessageId: string;
  readonly messageId: string;
  /** Counts from 1: a long text is sent in several, each with receipts of its own. Absent: it is sent in one. */
  readonly part?: number;
  readonly status: 'delivered' | 'failed';
  /** The gateway's own: `UNDELIV`; `MBBLACK`: the number is blocked for good. */
  readonly code?: string;
}

/** A customer answered by SMS. Personal: phone and text. */
export interface SmsUpstream extends SystemFact {
  readonly system: 'sms';
  readonly type: 'upstream';
  readonly phone: string;
  readonly text: string;
}

export interface OrderChange extends SystemFact {
  readonly system: 'crm';
  readonly type: 'order';
  readonly orderKey: string;
  readonly orderId: string;
  readonly contactId: string;
  readonly product: string;
  readonly state: 'completed' | 'rejected';
  readonly reason?: string;
}

/** A call ended. `clientCallId` is the touchId. */
export interface CallResult extends SystemFact, SaidOutcome {
  readonly system: 'iop';
  readonly type: 'call';
  readonly clientCallId: string;
  readonly callId: string;
  readonly contactId: string;
  /** False: nobody dialled, the customer was not contacted. */
  readonly dialled: boolean;
}

export type SystemCallback = SmsReceipt | SmsUpstream | OrderChange | CallResult;

/** Which call-backs: what happened in `from <= at < to`, in milliseconds, a page from `cursor` on; null: from the beginning. */
export interface CallbackSpan {
  readonly from: number;
  readonly to: number;
  readonly cursor: string | null;
  readonly limit: number;
}

/** Reads what a system has told by call-back or meant to, with the ids that the call-backs have or would have had. */
export type CallbackBook = (span: CallbackSpan) => Promise<{
  readonly callbacks: readonly SystemCallback[];
  /** Records that are no call-backs of the contract. */
  readonly unreadable: number;
  /** Null: this was the last page. */
  readonly next: string | null;
}>;

/** Header fields by lower-case name, as Node gives them. */
export type CallbackHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface WebhookCodec {
  /** Whether this deployment has a secret for the system. */
  takes(system: CallbackSystem): boolean;
  /**
   * Verifies and reads a call-back of a system; `rawBody` is the body as received, byte for byte.
   * @throws CodedError BAD_SIGNATURE, STALE_TIMESTAMP, INVALID_INPUT with the places that are wrong
   */
  open(
    system: CallbackSystem,
    headers: CallbackHeaders,
    rawBody: string | Uint8Array,
  ): SystemCallback;
}
