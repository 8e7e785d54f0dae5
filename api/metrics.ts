// What Prometheus is told: requests, the inbox, call-backs turned away.

import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Inbox } from '../ports/inbox';
import type { IntakeMetrics } from '../ports/intake';

export interface Metrics extends IntakeMetrics {
  request(route: string, method: string, status: number, seconds: number): void;
  callbackRejected(system: string, reason: string): void;
  /** Text in Prometheus' format. */
  render(): Promise<{ readonly type: string; readonly text: string }>;
}

const REQUEST_SECONDS = [0.005, 0.02, 0.1, 0.5, 1, 5];
const LAG_SECONDS = [0.05, 0.2, 1, 5, 20, 60, 600, 3600];

export function createMetrics(registry: Registry, inbox: Pick<Inbox, 'depth'>): Metrics {
  const registers = [registry];
  const requests = new Histogram({
    name: 'sopflow_http_request_seconds',
    help: 'Requests by route, method and status',
    labelNames: ['route', 'method', 'status'],
    buckets: REQUEST_SECONDS,
    registers,
  });
  const rejected = new Counter({
    name: 'sopflow_callback_rejections_total',
    help: 'Call-backs turned away, by system and reason',
    labelNames: ['system', 'reason'],
    registers,
  });
  const processed = new Counter({
    name: 'sopflow_inbox_processed_total',
    help: 'Inbox items by kind and what became of the try',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  const lag = new Histogram({
    name: 'sopflow_intake_lag_seconds',
    help: 'From receiving an item to having processed it',
    labelNames: ['kind'],
    buckets: LAG_SECONDS,
    registers,
  });
  const depth = new Gauge({
    name: 'sopflow_inbox_depth',
    help: 'Items not processed yet; NaN while the store is away',
    registers,
  });

  return {
    request: (route, method, status, seconds) =>
      requests.observe({ route, method, status }, seconds),
    callbackRejected: (system, reason) => rejected.inc({ system, reason }),
    processed(kind, outcome, lagSeconds) {
      processed.inc({ kind, outcome });
      if (outcome === 'done') lag.observe({ kind }, lagSeconds);
    },
    async render() {
      // A scrape must not fail because the store does: the gauge says that it is unknown.
      depth.set(await inbox.depth().catch(() => Number.NaN));
      return { type: registry.contentType, text: await registry.metrics() };
    },
  };
}
