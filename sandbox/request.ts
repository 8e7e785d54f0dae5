// Reading requests of any system: bodies are JSON whatever their content type says, and a broken one is the system's to answer.

import { timingSafeEqual } from 'node:crypto';
import express, { type Request, type RequestHandler, type Response } from 'express';
import type { Deps } from './deps';

const LARGEST_BODY = '32mb';

/** Puts the parsed body in place; a body that is no JSON object becomes `{}` and `locals.brokenJson`. */
export const readBody: RequestHandler[] = [
  express.text({ type: () => true, limit: LARGEST_BODY }),
  (request: Request, response: Response, next) => {
    const text: unknown = request.body;
    request.body = {};

    if (typeof text === 'string' && text.trim() !== '') {
      try {
        request.body = JSON.parse(text);
      } catch {
        response.locals.brokenJson = true;
      }
    }

    next();
  },
];

/** A handler whose changes reach the journal as one line, before the answer goes out. */
export const atomic =
  (deps: Deps, handle: (request: Request, response: Response) => () => void): RequestHandler =>
  (request, response) => {
    const answer = deps.tables.atomically(() => handle(request, response));
    answer();
  };

/** Refuses callers without the system's key, as SMS gateways and CRMs do. */
export const bearer =
  (key: string): RequestHandler =>
  (request, response, next) => {
    const given = Buffer.from(request.headers.authorization ?? '');
    const wanted = Buffer.from(`Bearer ${key}`);
    if (given.length === wanted.length && timingSafeEqual(given, wanted)) next();
    else response.status(401).json({ code: 'UNAUTHORISED', message: 'a bearer key is needed' });
  };

/** Answer of the SMS, CRM and IOP systems when something is wrong. */
export const refusal =
  (response: Response, status: number, code: string, message: string) => (): void => {
    response.status(status).json({ code, message });
  };
