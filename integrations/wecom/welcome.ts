// The welcome: the one message that goes out by itself, within the seconds that WeCom's code lives.

import type { Delivered, Delivery } from '../../ports/channel';
import type { Clock } from '../../ports/clock';
import { welcomeRef } from '../../rules/contact/welcomeRef';
import { askLater, refuse } from '../delivery';
import type { WecomClient } from './client';
import { WecomError } from './errors';

/** The code was used or is dead. `chatting` also means: this very welcome was delivered before. */
const WELCOME = { expired: 41050, chatting: 41051 } as const;
/** A code counts from WeCom's own event, told to us in whole seconds, so it may outlive our 20 s by this much. */
const CODE_LINGERS_MS = 3_000;

/**
 * Sends the welcome. It counts from the instant at which the call was begun, the last at which anything was decided: WeCom does
 * not say when it arrived, and an answer that is slow makes no welcome late. @throws WecomError when WeCom says no, and
 * whatever leaves the outcome unknown.
 */
export async function sendWelcome(
  client: WecomClient,
  clock: Clock,
  code: string,
  text: string,
): Promise<Delivered> {
  const deliveredAt = clock.now();
  await client.sendWelcome(code, text);
  return { kind: 'sent', channelRef: welcomeRef(code), deliveredAt };
}

/**
 * WeCom keeps no list of welcomes, so asking again is the look-up. A code works once, so this can never send a second
 * time: 0 means the first try had not arrived and this one has, `chatting` that it had. The hazard: a customer who began
 * to chat before our first try looks the same, and is counted as welcomed; that errs on the side of contacting less.
 */
export async function repeatWelcome(
  client: WecomClient,
  clock: Clock,
  code: string,
  { text, askedAt, expiresAt }: Delivery,
): Promise<Delivered> {
  const now = clock.now();
  const dead = (expiresAt ?? 0) + CODE_LINGERS_MS;
  // Too late to send and too early to ask: what lives a moment longer at WeCom would still go out.
  if (expiresAt !== undefined && expiresAt <= now && now < dead) throw askLater(dead - now);

  try {
    return await sendWelcome(client, clock, code, text);
  } catch (error) {
    if (!(error instanceof WecomError) || !error.isFinal) throw error;

    if (error.errcode === WELCOME.chatting)
      return { kind: 'sent', channelRef: welcomeRef(code), deliveredAt: askedAt };
    if (error.errcode === WELCOME.expired) return refuse('welcome-code-expired');
    return refuse(String(error.errcode));
  }
}
