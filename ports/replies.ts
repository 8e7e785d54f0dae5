// Answers of customers that may be refusals and are not clear: a member reads each and says what it was.

import type { ChannelName } from '../rules/contact/contact';
import type { Address } from './addresses';

export interface UnclearReply {
  readonly replyId: string;
  readonly channel: ChannelName;
  readonly source: 'sms-reply' | 'wecom-chat';
  /** Personal. */
  readonly address: Address;
  /** Key of the inbox item, which alone has the text. */
  readonly item: string;
  /** Who had the address when it came, and their cities: those see it. */
  readonly contactIds: readonly string[];
  readonly cities: readonly string[];
  /** ISO: when it was said. */
  readonly at: string;
  /** ISO: when we heard it; a refusal counts from then. */
  readonly receivedAt: string;
  /** `resolved`: what a member has said of it is in force. */
  readonly state: 'open' | 'resolved';
  readonly resolution?: ReplyResolution;
}

export interface ReplyResolution {
  /** What the customer meant. */
  readonly refusal: boolean;
  readonly note?: string;
  readonly by: string;
  /** ISO. */
  readonly at: string;
}

export interface ReplyStore {
  /** Keeps it unless it is known; answers it as it is kept. */
  open(reply: UnclearReply): Promise<UnclearReply>;
  find(replyId: string): Promise<UnclearReply | null>;
  /** By id, ascending, after `after`; with `cities` only those that one of them has. */
  list(filter: {
    readonly state: UnclearReply['state'];
    readonly cities?: readonly string[];
    readonly after?: string;
    readonly limit: number;
  }): Promise<UnclearReply[]>;
  /** Keeps what a member says of it; it stays open until that is in force. False: somebody has said something before. */
  resolve(replyId: string, resolution: ReplyResolution): Promise<boolean>;
  /** What was said of it is in force. */
  close(replyId: string): Promise<void>;
}
