// What Prometheus reads of the books: touches past their time, and what reapers and reconciles have found. Either is an alarm.

import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '../ports/clock';
import type { Stores } from '../ports/stores';
import { type BookReport, foundIn } from '../rules/ledger/bookReport';
import { SETTLE_GRACE_MS } from '../rules/ledger/grace';
import { DAY_MS } from '../rules/time/durations';
import { formatInstant } from '../rules/time/instant';

/** A reaper every five minutes, a reconcile a night, and some begun by hand. */
const REPORTS_A_DAY = 400;

type BookStores = Pick<Stores, 'touches' | 'bookReports'>;

/** Contacts with touches that should have been settled by now, also by the reaper. */
export const countOverdue = ({ touches }: BookStores, clock: Clock): Promise<number> =>
  touches.countOverdue(formatInstant(clock.now() - SETTLE_GRACE_MS));

/** Reports of the last day. */
export const reportsOfTheDay = ({ bookReports }: BookStores, clock: Clock): Promise<BookReport[]> =>
  bookReports.list({ since: formatInstant(clock.now() - DAY_MS), limit: REPORTS_A_DAY });

/** Read at each scrape; NaN, or nothing, while the store is away. */
export function addBookMetrics(registry: Registry, stores: BookStores, clock: Clock): void {
  const registers = [registry];
  new Gauge({
    name: 'sopflow_overdue_contacts',
    help: 'Contacts with a touch that nobody settled in time, not even the reaper',
    registers,
    async collect() {
      this.set(await countOverdue(stores, clock).catch(() => Number.NaN));
    },
  });

  new Gauge({
    name: 'sopflow_book_differences',
    help: "What the channels' own records said differently within a day, by flow and kind",
    labelNames: ['flow', 'kind'],
    registers,
    async collect() {
      this.reset();
      const reports = await reportsOfTheDay(stores, clock).catch(() => []);
      for (const flow of ['reap', 'reconcile'] as const) {
        const found = foundIn(reports.filter((report) => report.flow === flow));
        for (const [kind, count] of Object.entries(found)) this.set({ flow, kind }, count);
      }
    },
  });
}
