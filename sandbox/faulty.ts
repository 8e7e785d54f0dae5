// Makes a system misbehave on purpose: the middleware before each system's routes.

import type { RequestHandler, Response } from 'express';
import { MINUTE_MS } from '../rules/time/durations';
import { type Fault, type Faults, REQUEST_FAULTS, type System } from './faults';

/** How the system answers an `errcode` fault. */
export type AnswerCode = (response: Response, errcode: number | string) => void;

const GIVE_UP_MS = MINUTE_MS;

export interface FaultyDeps {
  readonly faults: Faults;
  readonly answerCode: AnswerCode;
  readonly callTokenBack: (as: 'invalidated' | 'expired') => void;
}

export function faulty(
  system: System,
  { faults, answerCode, callTokenBack }: FaultyDeps,
): RequestHandler {
  return (request, response, next) => {
    const fault = faults.strike(system, request.path, REQUEST_FAULTS);
    if (!fault) next();
    else if (fault.kind === 'errcode') answerCode(response, fault.errcode ?? -1);
    else if (fault.kind === 'http-500') response.status(500).type('text').send('internal error');
    else if (fault.kind === 'timeout-before') hang(response, fault);
    else if (fault.kind === 'delay') setTimeout(next, fault.delayMs ?? 1000);
    else {
      if (fault.kind === 'timeout-after-accept') swallowAnswer(response, fault);
      if (fault.kind === 'truncate') cutAnswer(response);
      if (fault.kind === 'token-invalid')
        callTokenBack(fault.errcode === 42001 ? 'expired' : 'invalidated');
      next();
    }
  };
}

/** No answer; the connection closes after a while should the caller wait for ever. */
function hang(response: Response, fault: Fault): void {
  const timer = setTimeout(() => response.destroy(), fault.delayMs ?? GIVE_UP_MS);
  timer.unref();
}

/** The work is done, the answer never leaves. */
function swallowAnswer(response: Response, fault: Fault): void {
  response.end = () => {
    hang(response, fault);
    return response;
  };
}

function cutAnswer(response: Response): void {
  response.json = (body: unknown) => {
    const text = JSON.stringify(body);
    return response.type('json').send(text.slice(0, Math.floor(text.length / 2)));
  };
}
