// Opens WeCom call-backs: signature, freshness, decryption, receiver; then events in our words.

import type { ZodType } from 'zod';
import type { CallbackQuery, WecomCallback, WecomCallbackCodec } from '../../ports/callbacks';
import type { Clock } from '../../ports/clock';
import { CodedError, isCodedError } from '../../rules/base/errors';
import { id, label, reference } from '../../rules/input/input.schema';
import { parseWith } from '../../rules/input/parse';
import { MINUTE_MS } from '../../rules/time/durations';
import { decrypt, encrypt, isSigned, sign } from './crypto';
import { type EventFields, eventKey } from './eventKey';
import { readXml } from './xml';

/** WeCom states no window; it retries within seconds, so ten minutes is generous and still ends a replay. */
const WINDOW_MS = 10 * MINUTE_MS;

export interface CallbackOptions {
  /** As set in the WeCom console, like the key. */
  readonly token: string;
  readonly encodingAesKey: string;
  readonly corpId: string;
  readonly clock: Clock;
}

export function createWecomCodec(options: CallbackOptions): WecomCallbackCodec {
  return {
    verifyUrl(query) {
      // Base64 has no space: one is a plus sign that was decoded once too often.
      return unseal(options, query, parameter(query, 'echostr').replaceAll(' ', '+'));
    },
    open(query, body) {
      const { Encrypt: encrypted } = readXml(body);
      if (!encrypted) throw unsigned('Encrypt');
      return eventOrMalformed(readXml(unseal(options, query, encrypted)));
    },
  };
}

/** Encrypts and signs a message the way WeCom does: the query and body of a call-back, or the parts of a passive reply. */
export function seal(
  options: Omit<CallbackOptions, 'clock'>,
  message: string,
  timestamp: string,
  nonce: string,
) {
  const encrypted = encrypt(options.encodingAesKey, message, options.corpId);
  const msg_signature = sign(options.token, timestamp, nonce, encrypted);
  const body = `<xml><ToUserName><![CDATA[${options.corpId}]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
  return { query: { msg_signature, timestamp, nonce }, encrypted, body };
}

function unseal(options: CallbackOptions, query: CallbackQuery, encrypted: string): string {
  const [timestamp, nonce] = [parameter(query, 'timestamp'), parameter(query, 'nonce')];
  if (
    !isSigned(parameter(query, 'msg_signature'), sign(options.token, timestamp, nonce, encrypted))
  )
    throw new CodedError(
      'BAD_SIGNATURE',
      'msg_signature does not fit: is the token the one of the WeCom console?',
    );

  const sentAt = Number(timestamp) * 1000;
  if (!(Math.abs(options.clock.now() - sentAt) <= WINDOW_MS))
    throw new CodedError(
      'STALE_TIMESTAMP',
      `timestamp ${timestamp} is more than 10 minutes from now`,
    );

  const opened = decrypt(options.encodingAesKey, encrypted);
  if (!opened)
    throw new CodedError(
      'INVALID_INPUT',
      'the call-back cannot be decrypted: is the key the one of the WeCom console?',
    );

  if (opened.receiver !== options.corpId)
    throw new CodedError(
      'FOREIGN_RECEIVER',
      `the call-back is for ${opened.receiver}, not for ${options.corpId}`,
    );

  return opened.message;
}

function eventOrMalformed(fields: EventFields): WecomCallback {
  try {
    return eventOf(fields);
  } catch (error) {
    if (!isCodedError(error)) throw error;
    const { WelcomeCode: _secret, ...kept } = fields;
    // Of the event, not of its arrival: a repeat says the same.
    const at = isTime(fields.CreateTime) ? instantOf(fields) : 0;
    const fact = { dedupeKey: eventKey(fields), at };
    return { kind: 'malformed', ...fact, fields: kept, issues: error.issues };
  }
}

function eventOf(fields: EventFields): WecomCallback {
  const fact = { dedupeKey: eventKey(fields), at: instantOf(fields) };
  const { Event: event = field(fields, 'MsgType', label), ChangeType: changeType } = fields;
  const relation = () => ({
    ...fact,
    staffId: field(fields, 'UserID', id),
    externalUserId: field(fields, 'ExternalUserID', id),
  });

  switch (`${event}/${changeType}`) {
    case 'change_external_contact/add_external_contact':
      return { kind: 'added', half: false, ...relation(), ...entranceOf(fields) };
    case 'change_external_contact/add_half_external_contact':
      return { kind: 'added', half: true, ...relation(), ...entranceOf(fields) };
    case 'change_external_contact/edit_external_contact':
      return { kind: 'edited', ...relation() };
    case 'change_external_contact/del_external_contact':
      return {
        kind: 'removed-by-staff',
        ...relation(),
        transferred: fields.Source === 'DELETE_BY_TRANSFER',
      };
    case 'change_external_contact/del_follow_user':
      return { kind: 'removed-by-customer', ...relation() };
    case 'change_external_contact/transfer_fail':
      return { kind: 'transfer-failed', ...relation(), reason: field(fields, 'FailReason', label) };
    default:
      return {
        kind: 'other',
        ...fact,
        event,
        ...(changeType && { changeType: field(fields, 'ChangeType', label) }),
        ...(fields.UserID && { staffId: field(fields, 'UserID', id) }),
        ...(fields.ExternalUserID && { externalUserId: field(fields, 'ExternalUserID', id) }),
      };
  }
}

/** Where the customer came from, and what a welcome needs. */
const entranceOf = (fields: EventFields) => ({
  ...(fields.State && { scene: field(fields, 'State', label) }),
  ...(fields.WelcomeCode && { welcomeCode: field(fields, 'WelcomeCode', reference) }),
});

const isTime = (text: string | undefined): boolean => /^\d{1,12}$/.test(text ?? '');

function instantOf({ CreateTime: createTime }: EventFields): number {
  if (isTime(createTime)) return Number(createTime) * 1000;
  throw missing('CreateTime', 'Unix seconds');
}

/** @throws CodedError INVALID_INPUT that names the field, what it holds and what is allowed. */
function field(fields: EventFields, name: string, schema: ZodType<string>): string {
  const value = fields[name];
  if (value) return parseWith(schema, value, name);
  throw missing(name, 'a text');
}

function parameter(query: CallbackQuery, name: string): string {
  const value = query[name];
  if (typeof value === 'string' && value !== '') return value;
  throw unsigned(name);
}

/** What WeCom always sends is not there: this did not come from WeCom. */
const unsigned = (name: string) =>
  new CodedError('BAD_SIGNATURE', `not a call-back of WeCom: ${name} is missing`);

const missing = (path: string, allowed: string) =>
  new CodedError('INVALID_INPUT', `bad WeCom call-back: ${path} is missing or no good`, [
    { path, message: 'missing or no good', allowed },
  ]);
