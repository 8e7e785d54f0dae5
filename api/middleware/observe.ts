// One log line and one measurement per request: the route as documented, never the address or anything in the body.

import type { RequestHandler } from 'express';
import type { ApiDeps } from '../deps';

const QUIET = new Set(['/healthz', '/readyz', '/metrics']);

/** Anybody can knock at a call-back address: what is turned away is counted and fills no log. */
const isTurnedAway = (route: string, status: number): boolean =>
  status === 403 && route.endsWith('/callback');

export function observe({ log, metrics }: Pick<ApiDeps, 'log' | 'metrics'>): RequestHandler {
  return (request, response, next) => {
    const started = process.hrtime.bigint();
    response.on('finish', () => {
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      const route = String(response.locals.route ?? 'unknown');
      const fields = {
        method: request.method,
        route,
        status: response.statusCode,
        ms: Math.round(seconds * 1000),
        keyId: response.locals.keyId,
      };
      metrics.request(route, request.method, response.statusCode, seconds);
      if (QUIET.has(route) || isTurnedAway(route, response.statusCode))
        log.debug(fields, 'request');
      else log.info(fields, 'request');
    });

    next();
  };
}
