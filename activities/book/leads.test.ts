import type { BookDeps } from '../deps';
import { readLeads } from './leads';

test('a lead of the pool that is none is counted, and keeps no other from being read', async () => {
  const asked = { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z', cursor: null };
  const lead = { leadId: 'l-1', contactId: 'c-1', product: 'pack', outcome: 'busy' };
  const deps = {
    callbackBooks: new Map([['iop', null]]),
    leadPool: {
      fetch: async () => ({
        leads: [{ ...lead, createdAt: '2026-03-01T12:00:00.000Z' }],
        malformed: [{ leadId: 7 }],
        cursor: 'end',
      }),
    },
    late: { leads: async () => 1 },
  } as unknown as BookDeps;

  expect(await readLeads(deps, { part: 'leads', ...asked })).toEqual({
    looked: 2,
    found: { 'lead-missed': 1, unreadable: 1 },
    next: null,
  });
});
