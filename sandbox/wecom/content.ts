// What a welcome or a mass send may carry: a text and up to nine attachments, measured in bytes.

import { WecomError } from './errors';
import { type Body, bytes, isBody, refuseEmpty } from './fields';

export interface Content {
  readonly text: string;
  readonly attachments: readonly Body[];
}

const MOST_ATTACHMENTS = 9;
const MOST_TEXT_BYTES = 4000;

const CHECKS: Readonly<Record<string, (part: Body) => void>> = {
  image(part) {
    if (!has(part, 'media_id') && !has(part, 'pic_url')) throw new WecomError(40007);
  },
  video: mediaCheck,
  file: mediaCheck,
  link(part) {
    needed(part, ['title', 'url'], 'link');
    within(part, { title: 128, url: 2048, picurl: 2048, desc: 512 }, 'link');
  },
  miniprogram(part) {
    needed(part, ['title', 'pic_media_id', 'appid', 'page'], 'miniprogram');
    within(part, { title: 64 }, 'miniprogram');
  },
};

/** @throws WecomError 40063 when there is nothing, 45002 for a long text, 41064/41065 for attachments, 40058/40007 inside one. */
export function readContent(body: Body): Content {
  refuseEmpty(body, ['text']);
  const attachments = body.attachments ?? [];
  if (!Array.isArray(attachments))
    throw new WecomError(40058, 'invalid Request Parameter: attachments must be a list');

  const given = body.text;
  const content = isBody(given) ? given.content : given;
  if (content !== undefined && typeof content !== 'string')
    throw new WecomError(40058, 'invalid Request Parameter: text.content must be a string');

  const text = content ?? '';
  if (text === '' && attachments.length === 0)
    throw new WecomError(40063, 'some parameters are empty: text and attachments');

  if (bytes(text) > MOST_TEXT_BYTES)
    throw new WecomError(
      45002,
      `content size out of limit: text.content has ${bytes(text)} bytes, at most ${MOST_TEXT_BYTES}`,
    );
  if (attachments.length > MOST_ATTACHMENTS) throw new WecomError(41064);

  return { text, attachments: attachments.map(checkAttachment) };
}

function checkAttachment(attachment: unknown): Body {
  if (!isBody(attachment) || typeof attachment.msgtype !== 'string') throw new WecomError(41065);

  const check = CHECKS[attachment.msgtype];
  if (!check) throw new WecomError(41065);

  const part = attachment[attachment.msgtype];
  if (!isBody(part) || Object.keys(part).length === 0)
    throw new WecomError(40063, `some parameters are empty: ${attachment.msgtype}`);

  check(part);
  return attachment;
}

function mediaCheck(part: Body): void {
  if (!has(part, 'media_id')) throw new WecomError(40007);
}

const has = (part: Body, key: string): boolean => typeof part[key] === 'string' && part[key] !== '';

function needed(part: Body, keys: readonly string[], where: string): void {
  for (const key of keys)
    if (!has(part, key))
      throw new WecomError(40058, `invalid Request Parameter: ${where}.${key} is missing`);
}

function within(part: Body, limits: Readonly<Record<string, number>>, where: string): void {
  for (const [key, most] of Object.entries(limits)) {
    const value = part[key];
    if (typeof value === 'string' && bytes(value) > most)
      throw new WecomError(
        40058,
        `invalid Request Parameter: ${where}.${key} has more than ${most} bytes`,
      );
  }
}
