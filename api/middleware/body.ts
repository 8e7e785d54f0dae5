// Bodies: limited in size, read once as bytes, and turned into JSON or rows with the place of what is wrong.

import express, { type Request, type RequestHandler } from 'express';
import { CodedError } from '../../rules/base/errors';
import { parseWith } from '../../rules/input/parse';
import type { Endpoint } from '../exchange';
import { MalformedBody } from './errors';

const DEFAULT_LIMIT = 1024 * 1024;
const NONE = Buffer.alloc(0);

/** Takes the body as bytes, whatever its type is said to be; one that is read as it comes is left alone. */
export const readBody = (endpoint: Endpoint): RequestHandler =>
  endpoint.uploadType === undefined
    ? express.raw({ type: () => true, limit: endpoint.limitBytes ?? DEFAULT_LIMIT })
    : (_request, _response, next) => next();

export const rawOf = (request: Request): Buffer =>
  Buffer.isBuffer(request.body) ? request.body : NONE;

const STRICT = new TextDecoder('utf-8', { fatal: true });

/** Never with signs in place of bytes that could not be read. @throws MalformedBody */
function textOf(raw: Buffer): string {
  try {
    return STRICT.decode(raw);
  } catch {
    throw new MalformedBody('INVALID_INPUT', '请求体不是 UTF-8 · the body is not UTF-8', [
      { path: '', message: 'not UTF-8', allowed: 'UTF-8' },
    ]);
  }
}

/** @throws MalformedBody */
export function jsonOf(raw: Buffer): unknown {
  try {
    return JSON.parse(textOf(raw));
  } catch (error) {
    if (error instanceof MalformedBody) throw error;
    throw new MalformedBody('INVALID_INPUT', `the body is not JSON: ${(error as Error).message}`, [
      { path: '', message: 'not JSON', allowed: 'a JSON document in UTF-8' },
    ]);
  }
}

/** The body as the endpoint's schema makes it; an empty one counts as `{}`. @throws CodedError INVALID_INPUT */
export function bodyOf(endpoint: Endpoint, raw: Buffer): unknown {
  if (endpoint.body === undefined || endpoint.rows) return undefined;
  const value = raw.length === 0 ? {} : jsonOf(raw);
  // Nulls mean "remove" in a change, and it reads them itself.
  return parseWith(endpoint.body, value, '');
}

/** @throws CodedError INVALID_INPUT */
export function queryOf(endpoint: Endpoint, request: Request): unknown {
  return endpoint.query === undefined ? {} : parseWith(endpoint.query, { ...request.query }, '');
}

/** A row as it was given, or the line that could not be read. */
export type Row = { readonly value: unknown } | { readonly malformed: string };

/**
 * Rows of a batch: a JSON list, a list under one field, or JSONL.
 * @throws CodedError TOO_LARGE for more rows than allowed, INVALID_INPUT for anything else than rows.
 */
export function rowsOf(
  raw: Buffer,
  contentType: string,
  field: string,
  most: number,
): readonly Row[] {
  const rows = /ndjson|jsonl/i.test(contentType) ? linesOf(raw) : listOf(jsonOf(raw), field);
  if (rows.length > most)
    throw new CodedError(
      'TOO_LARGE',
      `${rows.length} rows are too many; at most ${most} are allowed`,
    );

  return rows;
}

function linesOf(raw: Buffer): readonly Row[] {
  const lines = textOf(raw)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.map((line) => {
    try {
      return { value: JSON.parse(line) as unknown };
    } catch (error) {
      return { malformed: (error as Error).message };
    }
  });
}

function listOf(value: unknown, field: string): readonly Row[] {
  const list = Array.isArray(value)
    ? value
    : typeof value === 'object' && value !== null
      ? Reflect.get(value, field)
      : undefined;

  const others =
    Array.isArray(value) || typeof value !== 'object' || value === null
      ? []
      : Object.keys(value).filter((key) => key !== field);
  if (others.length > 0 || !Array.isArray(list))
    throw new CodedError(
      'INVALID_INPUT',
      `rows are missing: a JSON list, {"${field}": […]} or JSONL (application/x-ndjson)`,
      [
        ...others.map((key) => ({
          path: key,
          message: `unknown key; allowed: ${field}`,
          allowed: field,
        })),
        ...(Array.isArray(list)
          ? []
          : [{ path: field, message: 'not a list', allowed: 'a list of rows' }]),
      ],
    );

  return list.map((row: unknown) => ({ value: row }));
}
