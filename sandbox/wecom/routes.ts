// The simulated WeCom over HTTP: faults, token, frequency and method are asked before any endpoint.

import { createHash } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import { unixSeconds } from '../clock';
import type { Deps } from '../deps';
import { faulty } from '../faulty';
import { atomic } from '../request';
import { customerEndpoints } from './customers';
import type { Endpoint } from './endpoint';
import { errmsg, WecomError } from './errors';
import { type Body, isBody } from './fields';
import { createFrequency } from './frequency';
import { massLifeEndpoints } from './massLife';
import { massSendEndpoints } from './massSend';
import { messageEndpoints } from './message';
import { tagEndpoints } from './tags';
import { createTokens } from './token';
import { welcomeEndpoints } from './welcome';

const CALLS_A_MINUTE = 10_000;

const ENDPOINTS: readonly Endpoint[] = [
  ...customerEndpoints,
  ...tagEndpoints,
  ...welcomeEndpoints,
  ...massSendEndpoints,
  ...massLifeEndpoints,
  ...messageEndpoints,
];

export function wecomRoutes(deps: Deps): Router {
  const router = Router();
  const tokens = createTokens(deps);
  const frequency = createFrequency(deps.clock, deps.options.callsPerMinute ?? CALLS_A_MINUTE);
  const say = createAnswer(deps);

  const answerCode = (response: Response, errcode: string | number): void =>
    say(response, () => fail(new WecomError(Number(errcode))))();
  const { faults } = deps;
  router.use(faulty('wecom', { faults, answerCode, callTokenBack: tokens.callBack }));

  const answer = (path: string, work: (request: Request) => Body): void => {
    const handle = atomic(deps, (request, response) => say(response, () => work(request)));
    router.all(`/cgi-bin/${path}`, handle);
  };

  answer('gettoken', (request) => {
    frequency('gettoken');
    return tokens.issue(credentialsOf(request));
  });

  for (const endpoint of ENDPOINTS)
    answer(endpoint.path, (request) => {
      const query = queryOf(request);
      tokens.check(query.access_token);
      frequency(endpoint.path);
      if (request.method !== endpoint.method)
        throw new WecomError(endpoint.method === 'GET' ? 43001 : 43002);

      return endpoint.answer(deps, { query, body: isBody(request.body) ? request.body : {} });
    });

  // A path that WeCom does not have is answered by its web server.
  router.use('/cgi-bin', (_request, response) => void response.status(404).end());

  return router;
}

function credentialsOf(request: Request) {
  const { corpid = '', corpsecret = '' } = queryOf(request);
  return { corpid, corpsecret, ip: request.ip ?? '' };
}

/** HTTP 200 whatever happened; the code decides. */
function createAnswer(deps: Deps): (response: Response, work: () => Body) => () => void {
  return (response, work) => {
    const body = attempt(deps, response, work);
    return () => response.json(body);
  };
}

function attempt(deps: Deps, response: Response, work: () => Body): Body {
  try {
    return { errcode: 0, errmsg: 'ok', ...work() };
  } catch (error) {
    if (!(error instanceof WecomError)) throw error;
    const now = unixSeconds(deps.clock.now());
    const hint = `${now}_${deps.serials.count('hint')}_${createHash('md5').update(String(now)).digest('hex')}`;
    const warning = response.locals.brokenJson === true ? 'Warning: wrong json format. ' : '';
    return {
      errcode: error.errcode,
      errmsg: `${warning}${errmsg(error, hint, response.req.ip ?? '')}`,
    };
  }
}

function fail(error: WecomError): never {
  throw error;
}

function queryOf(request: Request): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.query).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, value]] : [],
    ),
  );
}
