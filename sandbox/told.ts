// What SMS, CRM and IOP have told sopflow, or meant to: they can be asked for it again, whatever became of the call-backs.

import { type Request, type Response, Router } from 'express';
import type { Deps } from './deps';
import { refusal } from './request';

export interface Told {
  readonly seq: number;
  readonly system: 'sms' | 'crm' | 'iop';
  readonly at: number;
  /** As it was posted. */
  readonly body: Readonly<Record<string, unknown>>;
}

const PAGE = { fallback: 100, max: 1000 };

export function toldRoutes(system: Told['system'], deps: Deps): Router {
  const router = Router();
  router.get('/callbacks', (request, response) => answer(system, deps, request, response));
  return router;
}

function answer(system: Told['system'], deps: Deps, { query }: Request, response: Response): void {
  const [from, to] = [Date.parse(String(query.from)), Date.parse(String(query.to))];
  const after = Number(query.cursor || 0);
  const limit = Number(query.limit || PAGE.fallback);

  if (Number.isNaN(from) || Number.isNaN(to)) {
    refusal(response, 400, 'SPAN_INVALID', 'from and to: instants')();
    return;
  }
  if (!Number.isInteger(after) || after < 0 || !Number.isInteger(limit) || limit < 1) {
    const detail = 'cursor: one that was given, or empty; limit: a whole number from 1';
    refusal(response, 400, 'CURSOR_INVALID', detail)();
    return;
  }

  const most = Math.min(limit, PAGE.max);
  const told = deps.state.told
    .by('system', system)
    .filter(({ seq, at }) => seq > after && from <= at && at < to)
    .slice(0, most);
  const cursor = told.length < most ? '' : String(told.at(-1)?.seq ?? '');
  response.json({ callbacks: told.map(({ body }) => body), cursor });
}
