// One call to WeCom: token in, errcode out. Everything the client offers goes through here.

import { z } from 'zod';
import type { Clock } from '../../ports/clock';
import type { SystemWatch } from '../../ports/conditions';
import { exchange, type Fetch, OutcomeUnknown, type Request } from '../http';
import { readAnswer } from '../json';
import { tellUnknown } from '../watch';
import { isInHand, WecomError } from './errors';
import { createTokenSource, type FetchedToken, type TokenSource } from './token';

export interface WecomOptions {
  readonly baseUrl: string;
  readonly corpId: string;
  readonly corpSecret: string;
  readonly clock: Clock;
  readonly fetch?: Fetch;
  /** For every call; a welcome waits at most 3 s, for its code lives 20. */
  readonly timeoutMs?: number;
  readonly watch?: SystemWatch;
}

interface CallRequest extends Omit<Request, 'headers'> {
  readonly timeoutMs?: number;
}

const status = z.object({ errcode: z.number().int(), errmsg: z.string().default('') });
const tokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
});

/**
 * Makes the caller of the WeCom API. It throws a WecomError when WeCom said no, and a CodedError UNAVAILABLE when whether
 * it took the call is unknown. Neither names the secret or a token.
 */
export function createCall(options: WecomOptions) {
  const tokens = createTokenSource(() => fetchToken(options), options.clock);

  return async function call<T>(request: CallRequest, schema: z.ZodType<T>): Promise<T> {
    try {
      const value = await callOnce(options, tokens, request, schema);
      options.watch?.worked('wecom');
      return value;
    } catch (error) {
      tell(options.watch, error);
      throw error;
    }
  };
}

async function callOnce<T>(
  options: WecomOptions,
  tokens: TokenSource,
  request: CallRequest,
  schema: z.ZodType<T>,
): Promise<T> {
  const token = await tokens.current();
  const withToken = (access_token: string) => ({
    ...request,
    query: { ...request.query, access_token },
  });

  try {
    return await ask(options, withToken(token), schema);
  } catch (error) {
    if (!(error instanceof WecomError && error.kind === 'T')) throw error;

    const renewed = await tokens.renew(token);
    if (renewed === null) throw error;
    // Once only: a token refused twice is not mended by a third.
    return ask(options, withToken(renewed), schema);
  }
}

/** What WeCom says of a message or of its own work in hand is no hindrance. */
function tell(watch: SystemWatch | undefined, error: unknown): void {
  tellUnknown(watch, 'wecom', error);
  if (!(error instanceof WecomError)) return;

  const { errcode, fault, isWide } = error;
  if (fault === 'message' || isInHand(errcode)) watch?.worked('wecom');
  else watch?.met({ system: 'wecom', code: String(errcode), fault, isWide });
}

async function fetchToken(options: WecomOptions): Promise<FetchedToken> {
  const query = { corpid: options.corpId, corpsecret: options.corpSecret };
  const request = { method: 'GET', path: '/cgi-bin/gettoken', query } as const;
  const answer = await ask(options, request, tokenAnswer);

  return { token: answer.access_token, expiresInMs: answer.expires_in * 1000 };
}

async function ask<T>(
  options: WecomOptions,
  { timeoutMs, ...request }: CallRequest,
  schema: z.ZodType<T>,
): Promise<T> {
  const wait = timeoutMs === undefined ? {} : { timeoutMs };
  const answer = await exchange({ ...options, ...wait, system: 'wecom' }, request);
  const { place, text } = answer;
  // WeCom says everything in errcode under HTTP 200: any other status is a gateway's, which knows nothing of the outcome.
  if (answer.status !== 200)
    throw new OutcomeUnknown(place, `HTTP ${answer.status}`, `HTTP-${answer.status}`);

  const { errcode, errmsg } = readAnswer(status, place, text);
  if (errcode !== 0) throw new WecomError(place, errcode, errmsg);

  return readAnswer(schema, place, text);
}
