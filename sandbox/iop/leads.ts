// The IOP's pool of leads that other channels failed to reach.

import { type Request, type Response, Router } from 'express';
import type { LeadOutcome } from '../../rules/journey/lead';
import type { Deps } from '../deps';
import { customerOf } from '../people/registry';
import { atomic, refusal } from '../request';
import type { PooledLead } from '../state';
import { isBody } from '../wecom/fields';

const PAGE = { fallback: 100, max: 1000 };

export interface NewLead {
  readonly contactId: string;
  readonly outcome: LeadOutcome;
  readonly product?: string | undefined;
  readonly leadId?: string | undefined;
  readonly expiresAt?: string | undefined;
}

/** Puts a lead into the pool; a lead id already there is left as it is. */
export function poolLead(deps: Deps, lead: NewLead): PooledLead {
  const known = lead.leadId === undefined ? undefined : deps.state.leads.get(lead.leadId);
  if (known) return known;

  customerOf(deps, lead.contactId);
  const pooled: PooledLead = {
    seq: deps.serials.count('leadSeq'),
    leadId: lead.leadId ?? deps.serials.next('lead', 'lead-'),
    contactId: lead.contactId,
    product:
      lead.product ??
      deps.state.products.all().find((product) => product.kind === 'data-pack')?.id ??
      'data-10g',
    outcome: lead.outcome,
    createdAt: new Date(deps.clock.now()).toISOString(),
    ...(lead.expiresAt === undefined ? {} : { expiresAt: lead.expiresAt }),
  };
  deps.state.leads.set(pooled.leadId, pooled);

  return pooled;
}

export const shownLead = ({
  leadId,
  contactId,
  product,
  outcome,
  createdAt,
  expiresAt,
}: PooledLead) => ({
  leadId,
  contactId,
  product,
  outcome,
  createdAt,
  ...(expiresAt === undefined ? {} : { expiresAt }),
});

export function leadRoutes(deps: Deps): Router {
  const router = Router();
  router.get('/leads', (request, response) => page(deps, request, response));
  router.post(
    '/leads/:leadId/report',
    atomic(deps, (request, response) => report(deps, request, response)),
  );

  return router;
}

function page(deps: Deps, { query }: Request, response: Response): void {
  const after = Number(query.cursor || 0);
  const limit = Number(query.limit || PAGE.fallback);
  if (!Number.isInteger(after) || after < 0 || !Number.isInteger(limit) || limit < 1) {
    const detail = 'cursor: one this pool gave, or empty; limit: a whole number from 1';
    refusal(response, 400, 'CURSOR_INVALID', detail)();
    return;
  }

  const leads = deps.state.leads
    .all()
    .filter((lead) => lead.seq > after)
    .slice(0, Math.min(limit, PAGE.max));

  response.json({ leads: leads.map(shownLead), cursor: String(leads.at(-1)?.seq ?? after) });
}

function report(deps: Deps, request: Request, response: Response): () => void {
  const lead = deps.state.leads.get(String(request.params.leadId));
  if (!lead) return refusal(response, 404, 'NOT_FOUND', 'no such lead');

  const { outcome, attempts, at } = isBody(request.body) ? request.body : {};
  if (typeof outcome !== 'string' || typeof attempts !== 'number' || typeof at !== 'string') {
    const detail = 'outcome: a text; attempts: a number; at: an instant';
    return refusal(response, 400, 'REPORT_INVALID', detail);
  }

  deps.state.leads.set(lead.leadId, { ...lead, report: { outcome, attempts, at } });
  return () => response.status(204).end();
}
