// How SMS, CRM and IOP answer an `errcode` fault: by their own code, with the status that goes with it.

import type { Response } from 'express';
import type { Deps } from './deps';
import type { System } from './faults';
import { faulty } from './faulty';

const STATUS: Readonly<Record<string, number>> = {
  PHONE_INVALID: 400,
  TEXT_TOO_LONG: 400,
  BLACKLISTED: 400,
  CONTENT_REFUSED: 400,
  SIGNATURE_MISSING: 400,
  UNAUTHORISED: 401,
  NOT_FOUND: 404,
  PRODUCT_UNKNOWN: 422,
  THROTTLED: 429,
  UNAVAILABLE: 503,
};
const RETRY_AFTER_S = 1;

/** A number is the HTTP status itself, a text one of the system's codes. */
function answerCode(response: Response, errcode: number | string): void {
  const status = typeof errcode === 'number' ? errcode : STATUS[errcode];
  const valid = status !== undefined && status >= 400 && status < 600 ? status : 500;
  const code =
    typeof errcode === 'string'
      ? errcode
      : (Object.keys(STATUS).find((name) => STATUS[name] === errcode) ?? 'FAULT');
  if (valid === 429) response.set('retry-after', String(RETRY_AFTER_S));
  response.status(valid).json({ code, message: 'asked for by a fault of the sandbox' });
}

export const systemFaults = (system: System, deps: Deps) =>
  // There are no tokens to call back: the fault then does what a revoked key does.
  faulty(system, { faults: deps.faults, answerCode, callTokenBack: () => undefined });
