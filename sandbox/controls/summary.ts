// Counts of everything in the sandbox, for people and for the summary of the demo.

import type { Deps } from '../deps';

export function summarise(deps: Deps): Readonly<Record<string, unknown>> {
  const { state, outbox } = deps;
  const tasks = state.tasks.all();

  return {
    at: new Date(deps.clock.now()).toISOString(),
    customers: state.customers.size,
    products: state.products.size,
    staff: tally(state.staff.all(), (staff) => staff.state),
    ties: tally(state.ties.all(), (tie) => tie.state),
    welcomes: tally(state.welcomes.all(), (welcome) => (welcome.used ? 'used' : 'open')),
    massSends: state.massSends.size,
    tasks: {
      open: tasks.filter((task) => task.status === 0).length,
      confirmed: tasks.filter((task) => task.status === 2).length,
    },
    sms: tally(state.sms.all(), (sms) => sms.status),
    orders: tally(state.orders.all(), (order) => order.state),
    calls: tally(state.calls.all(), (call) => call.outcome ?? call.state),
    leads: {
      pooled: state.leads.size,
      reported: state.leads.all().filter((lead) => lead.report !== undefined).length,
    },
    book: tally(deps.book.since(0), (entry) => entry.channel),
    outbox: { waiting: state.parcels.size, lost: outbox.lost() },
    faults: state.faults.size,
    running: deps.world().running,
  };
}

function tally<T>(rows: readonly T[], key: (row: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[key(row)] = (counts[key(row)] ?? 0) + 1;
  return counts;
}
