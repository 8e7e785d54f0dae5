// The proof of times: rows of a contact follow each other, and what happened has an order of its own.

import { MINUTE_MS } from '../../time/durations';
import type { DecisionRow, LedgerRow, SettlementRow } from '../rows';
import { type Violation, violation } from './violation';

/** Clocks of workers and channels differ, and a decision is written a little after it was made. */
const SKEW_MS = 5 * MINUTE_MS;

/**
 * @param chain the rows in the order in which they were written.
 * @param before ISO: the latest instant of the rows that were archived.
 */
export function brokenTimes(chain: readonly LedgerRow[], before?: string): Violation[] {
  const found: Violation[] = [];
  let latest = before ? Date.parse(before) : Number.NEGATIVE_INFINITY;

  for (const row of chain) {
    const at = Date.parse(row.at);
    if (at < latest - SKEW_MS) {
      const before = new Date(latest).toISOString();
      found.push(violation('times-out-of-order', row, `it follows a row of ${before}`));
    }
    latest = Math.max(latest, at);

    found.push(...(row.kind === 'decision' ? timesOfDecision(row) : timesOfSettlement(row)));
  }

  return found;
}

function* timesOfDecision(row: DecisionRow): Iterable<Violation> {
  const { at, until, settleBy, sequence } = row;

  if (until !== undefined && Date.parse(until) <= Date.parse(at))
    yield violation('times-out-of-order', row, `deferred until ${until}, which had passed`);
  if (settleBy !== undefined && Date.parse(settleBy) < Date.parse(at))
    yield violation('times-out-of-order', row, `to be settled by ${settleBy}, which had passed`);

  // Rows from before every kind was chained may lack it.
  if (row.verdict === 'pass' && settleBy === undefined && sequence !== undefined)
    yield violation('no-settle-by', row, 'nobody would notice that it never ended');
}

function* timesOfSettlement(row: SettlementRow): Iterable<Violation> {
  const { at, deliveredAt } = row;
  if (deliveredAt !== undefined && Date.parse(deliveredAt) > Date.parse(at) + SKEW_MS)
    yield violation('times-out-of-order', row, `known before it was delivered at ${deliveredAt}`);
}

/** A settlement against its reservation. */
export function* settledBeforePass(
  row: SettlementRow,
  reservation: DecisionRow,
): Iterable<Violation> {
  const { at, deliveredAt, sequence } = row;
  // Rows of today never say so, whatever the clock of their channel; a second is lost by channels that tell no less.
  const slack = sequence === undefined ? MINUTE_MS : 0;
  const passedAt = Date.parse(reservation.at);
  const isEarly =
    deliveredAt === undefined
      ? Date.parse(at) < passedAt - SKEW_MS
      : Date.parse(deliveredAt) < passedAt - slack;

  if (row.settled === 'sent' && isEarly)
    yield violation('delivered-before-pass', row, `it was passed at ${reservation.at}`);
}
