// Reading WeCom requests: limits in bytes or characters as documented, each with the code that WeCom answers.

import { WecomError } from './errors';

export type Body = Readonly<Record<string, unknown>>;

export const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');
/** Characters as people count them, not UTF-16 units. */
export const characters = (text: string): number => [...text].length;

export const isBody = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A parameter that is there must not be empty: `{}` and `""` break the call instead of meaning nothing. */
export function refuseEmpty(body: Body, keys: readonly string[]): void {
  for (const key of keys) {
    const value = body[key];
    if (value === '' || (isBody(value) && Object.keys(value).length === 0))
      throw new WecomError(40063, `some parameters are empty: ${key}`);
  }
}

export function textOf(body: Body, key: string, missing: number): string {
  const value = body[key];
  if (typeof value !== 'string' || value === '') throw new WecomError(missing);
  return value;
}

export function optionalText(body: Body, key: string): string | undefined {
  const value = body[key];
  if (value !== undefined && typeof value !== 'string')
    throw new WecomError(40058, `invalid Request Parameter: ${key} must be a string`);
  return value;
}

export function textList(body: Body, key: string): string[] | undefined {
  const value = body[key];
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw new WecomError(40058, `invalid Request Parameter: ${key} must be a list of strings`);

  return value;
}

export function bounded(
  value: string | undefined,
  key: string,
  most: number,
  measure: (text: string) => number,
): void {
  if (value !== undefined && measure(value) > most)
    throw new WecomError(40058, `invalid Request Parameter: ${key} is longer than ${most}`);
}

export interface Paging {
  readonly max: number;
  readonly fallback: number;
  /** What a limit above the maximum becomes. */
  readonly over: 'max' | 'fallback';
}

/** One page of a list. The cursor is opaque to callers; a strange one is 50100; empty at the end. */
export function page<T>(
  items: readonly T[],
  body: Body,
  paging: Paging,
): { items: T[]; next_cursor: string } {
  const limit = limitOf(body.limit, paging);
  const from = offsetOf(optionalText(body, 'cursor') ?? '');
  const to = from + limit;
  return {
    items: items.slice(from, to),
    next_cursor: to < items.length ? Buffer.from(`at:${to}`).toString('base64url') : '',
  };
}

function limitOf(value: unknown, { max, fallback, over }: Paging): number {
  if (value === undefined || value === 0) return fallback;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
    throw new WecomError(40058, 'invalid Request Parameter: limit');
  if (value <= max) return value;

  return over === 'max' ? max : fallback;
}

function offsetOf(cursor: string): number {
  if (cursor === '') return 0;
  const offset = /^at:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'))?.[1];
  if (offset === undefined) throw new WecomError(50100);
  return Number(offset);
}
