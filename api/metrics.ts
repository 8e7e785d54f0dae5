// What Prometheus reads: requests, the inbox, call-backs turned away.

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

interface MetricsState {
  readonly registry: Registry;
  readonly inbox: Pick<Inbox, 'depth'>;
  readonly requests: Histogram<'route' | 'method' | 'status'>;
  readonly rejected: Counter<'system' | 'reason'>;
  readonly processed: Counter<'kind' | 'outcome'>;
  readonly lag: Histogram<'kind'>;
  readonly depth: Gauge;
}

export function createMetrics(registry: Registry, inbox: Pick<Inbox, 'depth'>): Metrics {
  const state: MetricsState = {
    registry,
    inbox,
    ...requestMetrics(registry),
    ...inboxMetrics(registry),
  };

  return {
    request: (route, method, status, seconds) =>
      state.requests.observe({ route, method, status }, seconds),
    callbackRejected: (system, reason) => state.rejected.inc({ system, reason }),
    processed(kind, outcome, lagSeconds) {
      state.processed.inc({ kind, outcome });
      if (outcome === 'done') state.lag.observe({ kind }, lagSeconds);
    },
    render: () => render(state),
  };
}

function requestMetrics(registry: Registry): Pick<MetricsState, 'requests' | 'rejected'> {
  const registers = [registry];

  return {
    requests: new Histogram({
      name: 'sopflow_http_request_seconds',
      help: 'Requests by route, method and status',
      labelNames: ['route', 'method', 'status'],
      buckets: REQUEST_SECONDS,
      registers,
    }),
    rejected: new Counter({
      name: 'sopflow_callback_rejections_total',
      help: 'Call-backs turned away, by system and reason',
      labelNames: ['system', 'reason'],
      registers,
    }),
  };
}

function inboxMetrics(registry: Registry): Pick<MetricsState, 'processed' | 'lag' | 'depth'> {
  const registers = [registry];

  return {
    processed: new Counter({
      name: 'sopflow_inbox_processed_total',
      help: 'Inbox items by kind and what became of the try',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    lag: new Histogram({
      name: 'sopflow_intake_lag_seconds',
      help: 'From receiving an item to having processed it',
      labelNames: ['kind'],
      buckets: LAG_SECONDS,
      registers,
    }),
    depth: new Gauge({
      name: 'sopflow_inbox_depth',
      help: 'Items not processed yet; NaN while the store is away',
      registers,
    }),
  };
}

async function render({
  registry,
  inbox,
  depth,
}: MetricsState): Promise<{ readonly type: string; readonly text: string }> {
  // A scrape must not fail because the store does: the gauge says that it is unknown.
  depth.set(await inbox.depth().catch(() => Number.NaN));

  return { type: registry.contentType, text: await registry.metrics() };
}
