// What Prometheus reads: requests, the inbox, call-backs turned away, systems that refuse us.

import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Clock } from '../ports/clock';
import type { IntakeMetrics } from '../ports/intake';
import type { Stores } from '../ports/stores';

export interface Metrics extends IntakeMetrics {
  request(route: string, method: string, status: number, seconds: number): void;
  callbackRejected(system: string, reason: string): void;
  /** Text in Prometheus' format. */
  render(): Promise<{ readonly type: string; readonly text: string }>;
}

const REQUEST_SECONDS = [0.005, 0.02, 0.1, 0.5, 1, 5];
const LAG_SECONDS = [0.05, 0.2, 1, 5, 20, 60, 600, 3600];

type MeasuredStores = {
  readonly inbox: Pick<Stores['inbox'], 'count'>;
  readonly conditions: Pick<Stores['conditions'], 'list'>;
};

interface MetricsState {
  readonly registry: Registry;
  readonly stores: MeasuredStores;
  readonly clock: Clock;
  readonly requests: Histogram<'route' | 'method' | 'status'>;
  readonly rejected: Counter<'system' | 'reason'>;
  readonly processed: Counter<'kind' | 'outcome'>;
  readonly lag: Histogram<'kind'>;
  readonly depth: Gauge;
  readonly parked: Gauge;
  readonly refusing: Gauge<'system' | 'code' | 'fault'>;
  readonly refusals: Gauge<'system' | 'code' | 'fault'>;
}

export function createMetrics(registry: Registry, stores: MeasuredStores, clock: Clock): Metrics {
  const state: MetricsState = {
    registry,
    stores,
    clock,
    ...requestMetrics(registry),
    ...inboxMetrics(registry),
    ...systemMetrics(registry),
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

function inboxMetrics(
  registry: Registry,
): Pick<MetricsState, 'processed' | 'lag' | 'depth' | 'parked'> {
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
    parked: new Gauge({
      name: 'sopflow_inbox_parked',
      help: 'Items that a person must look at; NaN while the store is away',
      registers,
    }),
  };
}

function systemMetrics(registry: Registry): Pick<MetricsState, 'refusing' | 'refusals'> {
  const labelNames = ['system', 'code', 'fault'] as const;
  const registers = [registry];

  return {
    refusing: new Gauge({
      name: 'sopflow_system_refusing_seconds',
      help: 'For how long an outside system has been keeping calls waiting, by its code and whose fault it is',
      labelNames,
      registers,
    }),
    refusals: new Gauge({
      name: 'sopflow_system_refusals',
      help: 'How often it did so since then',
      labelNames,
      registers,
    }),
  };
}

async function render(
  state: MetricsState,
): Promise<{ readonly type: string; readonly text: string }> {
  const { registry, stores, depth, parked } = state;
  // A scrape must not fail because the store does: the gauges say that it is unknown.
  const unknown = () => Number.NaN;
  const [waiting, unsolved] = await Promise.all([
    stores.inbox.count('pending').catch(unknown),
    stores.inbox.count('parked').catch(unknown),
  ]);
  depth.set(waiting);
  parked.set(unsolved);
  await measureSystems(state);

  return { type: registry.contentType, text: await registry.metrics() };
}

/** Of all processes: what workers met stands in the store. */
async function measureSystems({ stores, clock, refusing, refusals }: MetricsState): Promise<void> {
  const conditions = await stores.conditions.list().catch(() => []);
  refusing.reset();
  refusals.reset();

  for (const { system, code, fault, since, times } of conditions) {
    const labels = { system, code, fault };
    refusing.set(labels, (clock.now() - Date.parse(since)) / 1000);
    refusals.set(labels, times);
  }
}
