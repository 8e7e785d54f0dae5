// The HTTP application: the route table made to answer, with the same few steps around every handler.

import { pipeline } from 'node:stream/promises';
import express, { type Express, type RequestHandler, type Response } from 'express';
import helmet from 'helmet';
import type { Caller } from '../ports/auth';
import type { ApiDeps } from './deps';
import type { ApiAnswer, Route } from './exchange';
import { ANYBODY, authenticate, authorise } from './middleware/auth';
import { bodyOf, queryOf, rawOf, readBody } from './middleware/body';
import { answerErrors, answerUnknown } from './middleware/errors';
import { createReplay } from './middleware/idempotency';
import { observe } from './middleware/observe';
import { ROUTES } from './routes';

/** `/api/v1/runs/{id}:stop` as Express writes it: a colon is a name there, so ours is escaped. */
const expressPath = (path: string): string =>
  path.replaceAll(':', '\\:').replaceAll(/\{(\w+)\}/g, ':$1');

/** Builds the application; it listens nowhere yet. */
export function createApp(deps: ApiDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  // TLS ends before us, and the demo has none: no page may send its links to https by itself.
  app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } }));
  app.use(observe(deps));
  const replay = createReplay(deps.stores.responses);

  for (const route of ROUTES)
    app[route.method](
      expressPath(route.path),
      admit(deps, route),
      readBody(route.endpoint),
      serve(deps, route, replay),
    );

  app.use(answerUnknown);
  app.use(answerErrors(deps.log));

  return app;
}

/** Before the body is read: nobody makes us read 16 MB without a key. */
function admit(deps: ApiDeps, route: Route): RequestHandler {
  return async (request, response, next) => {
    response.locals.route = route.path;

    const caller =
      route.permit === 'public' ? ANYBODY : await authenticate(deps.stores.keys, request);
    authorise(caller, route);

    response.locals.caller = caller;
    response.locals.keyId = caller.credential.id;
    next();
  };
}

function serve(
  deps: ApiDeps,
  route: Route,
  replay: ReturnType<typeof createReplay>,
): RequestHandler {
  const { endpoint } = route;
  return async (request, response) => {
    const raw = rawOf(request);
    const caller = response.locals.caller as Caller;
    const exchange = {
      deps,
      caller,
      params: request.params as Record<string, string>,
      query: queryOf(endpoint, request),
      body: bodyOf(endpoint, raw),
      raw,
      headers: request.headers,
      upload: request,
    };

    const asked = {
      route,
      caller,
      url: request.originalUrl,
      raw,
      key: request.get('Idempotency-Key'),
    };
    const answer = await replay(asked, async () => endpoint.handle(exchange));
    await respond(response, answer);
  };
}

async function respond(response: Response, answer: ApiAnswer): Promise<void> {
  response.status(answer.status ?? 200);
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  if (answer.stream !== undefined) {
    response.type(answer.type ?? 'application/octet-stream');
    return pipeline(answer.stream, response);
  }

  if (answer.type !== undefined) response.type(answer.type).send(answer.body);
  else if (answer.body === undefined || answer.body === null) response.status(204).end();
  else response.json(answer.body);
}
