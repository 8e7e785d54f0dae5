// Fetches leads from the IOP pool: the cursor moves only after the inbox has taken them.

import type { Clock } from '../ports/clock';
import type { Intake } from '../ports/intake';
import type { LeadPool, LeadStore } from '../ports/leads';
import type { Log } from '../ports/log';
import { inboundLead, inboundMalformed } from './inbound';

export interface PollerDeps {
  readonly pool: Pick<LeadPool, 'fetch'>;
  readonly leads: Pick<LeadStore, 'cursor' | 'moveCursor'>;
  readonly intake: Intake;
  readonly clock: Clock;
  readonly log: Log;
  /** True while no other process polls. */
  readonly isOurs: () => boolean;
  readonly everyMs: number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface Poller {
  start(): void;
  stop(): Promise<void>;
  /** Fetches page by page until the pool has no more. */
  poll(): Promise<void>;
}

const PAGE = 200;

export function createPoller(deps: PollerDeps): Poller {
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();

  return {
    start() {
      running = pollUntilStopped(deps, stopping.signal);
    },
    async stop() {
      stopping.abort();
      await running;
    },
    poll: () => poll(deps, stopping.signal),
  };
}

async function pollUntilStopped(deps: PollerDeps, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    if (deps.isOurs())
      await poll(deps, stopping).catch((error: unknown) =>
        deps.log.warn({ err: error }, 'the lead pool could not be read; trying again'),
      );
    await deps.wait(deps.everyMs, stopping);
  }
}

async function poll(
  { pool, leads, intake, clock, isOurs }: PollerDeps,
  stopping: AbortSignal,
): Promise<void> {
  let cursor = await leads.cursor();

  // One who was overtaken may set the cursor back: then some come again, and are known. Never forward beyond what it put in.
  while (!stopping.aborted && isOurs()) {
    const found = await pool.fetch(cursor, PAGE);
    const items = [
      ...found.leads.map((lead) => inboundLead(lead, clock.now())),
      ...found.malformed.map((row) => inboundMalformed('lead', row, clock.now())),
    ];
    if (items.length > 0) await intake.put(items);

    if (found.cursor !== cursor) await leads.moveCursor(found.cursor);
    if (items.length < PAGE || found.cursor === cursor) return;

    cursor = found.cursor;
  }
}
