// What a system has told by call-back, or meant to: asked for again by the page, as its contract has it.

import { z } from 'zod';
import type { CallbackBook, CallbackSystem, SystemCallback } from '../ports/callbacks';
import { isCodedError } from '../rules/base/errors';
import { formatInstant } from '../rules/time/instant';
import { createSystem, doneOf, type SystemOptions } from './system';

/** Nothing that is said of a look into a book is about a customer. */
const NONE: ReadonlySet<string> = new Set();

const page = z.object({ callbacks: z.array(z.unknown()), cursor: z.string().default('') });

/** @param parse reads the body of a call-back of this system */
export function createCallbackBook(
  system: CallbackSystem,
  options: SystemOptions,
  parse: (json: unknown) => SystemCallback,
): CallbackBook {
  const call = createSystem(system, options);

  return async ({ from, to, cursor, limit }) => {
    const span = { from: formatInstant(from), to: formatInstant(to) };
    const query = { ...span, cursor: cursor ?? '', limit: String(limit) };
    const read = doneOf(
      await call({ method: 'GET', path: '/callbacks', query, final: NONE }, page),
    );

    const callbacks = read.callbacks.flatMap((json) => readable(parse, json));
    return {
      callbacks,
      unreadable: read.callbacks.length - callbacks.length,
      next: read.cursor === '' ? null : read.cursor,
    };
  };
}

/** One that cannot be read stops no other. */
function readable(parse: (json: unknown) => SystemCallback, json: unknown): SystemCallback[] {
  try {
    return [parse(json)];
  } catch (error) {
    if (isCodedError(error)) return [];
    throw error;
  }
}
