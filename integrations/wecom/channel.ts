// WeCom as a channel: a welcome goes out at once, anything else becomes a task that a member of staff must confirm.

import type { Channel, Delivered, Delivery } from '../../ports/channel';
import type { Clock } from '../../ports/clock';
import { askLater, refuse, refusedBeforehand } from '../delivery';
import { MAX_TEXT_BYTES, type WecomClient } from './client';
import { WecomError } from './errors';

/** The code was used or is dead. `chatting` also means: this very welcome was delivered before. */
const WELCOME = { expired: 41050, chatting: 41051 } as const;
/** A code counts from WeCom's own event, told to us in whole seconds, so it may outlive our 20 s by this much. */
const CODE_LINGERS_MS = 3_000;
/** WeCom's own word for "nobody in this mass send can be reached". */
const NOBODY_SENDABLE = 41048;
/** A mass send just made cannot be read yet. */
const DISPATCHING = 41063;
/** Their clock counts whole seconds and may be a little behind ours. */
const CLOCK_SKEW_SECONDS = 2;
/** WeCom's list is asked a little past its ends; what does not belong is left out here. */
const WINDOW_SECONDS = 60;

export function createWecomChannel(client: WecomClient, clock: Clock): Channel {
  return {
    name: 'wecom',
    maxBytes: MAX_TEXT_BYTES,

    async deliver(delivery) {
      const refused = refusedBeforehand(delivery, MAX_TEXT_BYTES, clock);
      if (refused) return refused;
      const { welcomeCode } = delivery;
      return asDelivered(
        welcomeCode === undefined ? assign(delivery) : welcome(welcomeCode, delivery.text),
      );
    },

    async lookup(delivery) {
      const { welcomeCode } = delivery;
      return welcomeCode === undefined ? findTask(delivery) : repeatWelcome(welcomeCode, delivery);
    },
  };

  async function welcome(code: string, text: string): Promise<Delivered> {
    await client.sendWelcome(code, text);
    return { kind: 'sent', channelRef: code, deliveredAt: clock.now() };
  }

  async function assign({ externalUserId, staffId, text }: Delivery): Promise<Delivered> {
    if (externalUserId === undefined || staffId === undefined) return refuse('NO_RELATION');
    const { msgid, fail_list } = await client.addMsgTemplate(staffId, [externalUserId], text);
    return fail_list.includes(externalUserId)
      ? refuse(String(NOBODY_SENDABLE))
      : { kind: 'tasked', channelRef: msgid };
  }

  /**
   * WeCom keeps no list of welcomes, so asking again is the look-up. A code works once, so this can never send a second
   * time: 0 means the first try had not arrived and this one has, `chatting` that it had. The hazard: a customer who began
   * to chat before our first try looks the same, and is counted as welcomed; that errs on the side of contacting less.
   */
  async function repeatWelcome(
    code: string,
    { text, askedAt, expiresAt }: Delivery,
  ): Promise<Delivered> {
    const dead = (expiresAt ?? 0) + CODE_LINGERS_MS;
    // Too late to send and too early to ask: what lives a moment longer at WeCom would still go out.
    if (expiresAt !== undefined && expiresAt <= clock.now() && clock.now() < dead)
      throw askLater(dead - clock.now());
    try {
      return await welcome(code, text);
    } catch (error) {
      if (!(error instanceof WecomError) || error.retryAfterMs !== undefined) throw error;
      if (error.errcode === WELCOME.chatting)
        return { kind: 'sent', channelRef: code, deliveredAt: askedAt };
      return refuse(
        error.errcode === WELCOME.expired ? 'welcome-code-expired' : String(error.errcode),
      );
    }
  }

  /**
   * A mass send carries no key of ours. It is known again by the member, the customer, the text to the letter, having been
   * made by the API (no creator), and not before this delivery was first asked for. The last keeps apart two touches of
   * the same text to one customer by one member; only two asked for within the same seconds could be taken for each other.
   */
  async function findTask({
    externalUserId,
    staffId,
    text,
    askedAt,
  }: Delivery): Promise<Delivered | null> {
    if (externalUserId === undefined || staffId === undefined) return null;
    const since = Math.floor(askedAt / 1000);
    const until = Math.ceil(clock.now() / 1000);
    const made = await client.getGroupmsgList(since - WINDOW_SECONDS, until + WINDOW_SECONDS);
    let dispatching: WecomError | null = null;
    for (const { msgid, creator, create_time, text: sent } of made) {
      if (creator !== '' || sent.content !== text || create_time < since - CLOCK_SKEW_SECONDS)
        continue;
      try {
        const results = await client.getGroupmsgSendResult(msgid, staffId);
        if (results.some((result) => result.external_userid === externalUserId))
          return { kind: 'tasked', channelRef: msgid };
      } catch (error) {
        if (!(error instanceof WecomError && error.errcode === DISPATCHING)) throw error;
        dispatching = error;
      }
    }
    // It may be the one that cannot be read yet: no answer is better than a wrong one.
    if (dispatching) throw dispatching;
    return null;
  }
}

/** What WeCom said no to was not accepted; only an unknown outcome is thrown on. */
async function asDelivered(attempt: Promise<Delivered>): Promise<Delivered> {
  try {
    return await attempt;
  } catch (error) {
    if (!(error instanceof WecomError)) throw error;
    const reason = String(error.errcode);
    const { retryAfterMs } = error;
    return retryAfterMs === undefined
      ? refuse(reason)
      : { kind: 'refused', reason, retryable: true, retryAfterMs };
  }
}
