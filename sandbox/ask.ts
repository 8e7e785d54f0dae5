// Asking another server for JSON, as the loader of the demo does.

import { CodedError } from '../rules/base/errors';

export type Ask = (
  method: 'GET' | 'PUT' | 'POST',
  path: string,
  body?: unknown,
) => Promise<unknown>;

/** Null on 404; any other refusal is an error that says what was refused. */
export function caller(base: string, headers: Readonly<Record<string, string>>): Ask {
  return async (method, path, body) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status === 404) return null;

    if (!response.ok)
      throw new CodedError(
        'UNAVAILABLE',
        `${method} ${path} was answered ${response.status}: ${text.slice(0, 500)}`,
      );

    return text === '' ? {} : JSON.parse(text);
  };
}
