// Call-backs of SMS, CRM and IOP: one signature for all, then each system's own shape.

import { createHmac, timingSafeEqual } from 'node:crypto';
import type {
  CallbackHeaders,
  CallbackSystem,
  SystemCallback,
  WebhookCodec,
} from '../ports/callbacks';
import type { Clock } from '../ports/clock';
import { assertNever, CodedError } from '../rules/base/errors';
import { MINUTE_MS } from '../rules/time/durations';
import { parseCrmCallback } from './crm/callback';
import { parseIopCallback } from './iop/callback';
import { NOT_JSON, parse } from './json';
import { parseSmsCallback } from './sms/callback';

/** Older or newer than this, a signed call-back may be a replay. */
const WINDOW_MS = 5 * MINUTE_MS;

/** A system without a secret of its own cannot call back. */
export type WebhookSecrets = Readonly<Partial<Record<CallbackSystem, string>>>;

/**
 * Opens call-backs, each signed with the secret of its own system and for its own path:
 * `X-Signature: hex(hmac-sha256(secret, timestamp + "." + path + "." + body))`. What one vendor signs is good for no other.
 */
export function createWebhookCodec({
  secrets,
  clock,
}: {
  readonly secrets: WebhookSecrets;
  readonly clock: Clock;
}): WebhookCodec {
  return {
    takes: (system) => secrets[system] !== undefined,

    open(system, headers, rawBody) {
      const body = Buffer.from(rawBody);
      assertSigned(system, headers, body, secrets[system]);
      assertFresh(headers, clock.now());
      const json = parse(body.toString());
      if (json === NOT_JSON)
        throw new CodedError('INVALID_INPUT', `bad ${system} call-back: the body is not JSON`);

      return read(system, json);
    },
  };
}

function read(system: CallbackSystem, json: unknown): SystemCallback {
  switch (system) {
    case 'sms':
      return parseSmsCallback(json);
    case 'crm':
      return parseCrmCallback(json);
    case 'iop':
      return parseIopCallback(json);
    default:
      return assertNever(system, 'system');
  }
}

function assertSigned(
  system: CallbackSystem,
  headers: CallbackHeaders,
  body: Buffer,
  secret: string | undefined,
): void {
  const path = `/${system}/callback`;
  const given = Buffer.from(headerOf(headers, 'x-signature'), 'hex');
  const mac =
    secret === undefined
      ? undefined
      : createHmac('sha256', secret)
          .update(`${headerOf(headers, 'x-timestamp')}.${path}.`)
          .update(body)
          .digest();
  if (mac !== undefined && given.length === mac.length && timingSafeEqual(given, mac)) return;

  const what = 'X-Signature does not fit X-Timestamp, the path and the body';
  throw new CodedError('BAD_SIGNATURE', what, [
    {
      path: 'x-signature',
      message: `not the signature of this body for ${path}`,
      allowed: 'hex(hmac-sha256(secret, timestamp + "." + path + "." + body))',
    },
  ]);
}

function assertFresh(headers: CallbackHeaders, now: number): void {
  const timestamp = headerOf(headers, 'x-timestamp');
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN;
  if (!(Math.abs(now - seconds * 1000) <= WINDOW_MS))
    throw new CodedError(
      'STALE_TIMESTAMP',
      `X-Timestamp ${timestamp} is more than 5 minutes from now`,
      [
        {
          path: 'x-timestamp',
          message: 'too far from now',
          value: timestamp,
          allowed: 'Unix seconds within 5 minutes',
        },
      ],
    );
}

function headerOf(headers: CallbackHeaders, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}
