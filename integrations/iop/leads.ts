// The IOP lead pool: opportunities the hotline failed to reach, fetched by cursor and reported back.

import { z } from 'zod';
import type { Lead, LeadPool } from '../../ports/leads';
import { id } from '../../rules/input/input.schema';
import { saidOutcome } from '../../rules/journey/lead';
import { createSystem, doneOf, type SystemOptions, UNKNOWN_KEY } from '../system';
import { outcomeWord } from './outcome';

const instant = z.iso.datetime({ offset: true });

const lead = z.object({
  leadId: id,
  contactId: id,
  product: id,
  outcome: outcomeWord,
  createdAt: instant,
  expiresAt: instant.exactOptional(),
});

/** Nothing that is said of a fetch is about a customer. */
const NONE: ReadonlySet<string> = new Set();

const page = z.object({ leads: z.array(z.record(z.string(), z.unknown())), cursor: z.string() });

export function createLeadPool(options: SystemOptions): LeadPool {
  const call = createSystem('iop', options);
  return {
    async fetch(cursor, limit) {
      const query = { cursor, limit: String(limit) };
      const request = { method: 'GET', path: '/leads', query, final: NONE } as const;
      const found = doneOf(await call(request, page));

      const rows = found.leads.map((row) => ({ row, read: lead.safeParse(row) }));
      return {
        leads: rows.flatMap(({ read }) => (read.success ? [leadOf(read.data)] : [])),
        malformed: rows.flatMap(({ row, read }) => (read.success ? [] : [row])),
        cursor: found.cursor,
      };
    },

    async report(leadId, { outcome, attempts, at }) {
      const path = `/leads/${encodeURIComponent(leadId)}/report`;
      const body = { outcome, attempts, at };
      doneOf(await call({ method: 'POST', path, body, final: UNKNOWN_KEY }, z.unknown()));
    },
  };
}

const leadOf = ({ outcome, ...read }: z.infer<typeof lead>): Lead => ({
  ...read,
  ...saidOutcome(outcome),
});
