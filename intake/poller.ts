// Fetches leads from the IOP pool: the cursor moves only after the inbox has taken them.

import type { Clock } from '../ports/clock';
import type { Intake } from '../ports/intake';
import type { LeadPool, LeadStore } from '../ports/leads';
import type { Log } from '../ports/log';
import { inboundLead } from './inbound';

export interface PollerDeps {
  readonly pool: Pick<LeadPool, 'fetch'>;
  readonly leads: Pick<LeadStore, 'cursor' | 'moveCursor'>;
  readonly intake: Intake;
  readonly clock: Clock;
  readonly log: Log;
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

export function createPoller({
  pool,
  leads,
  intake,
  clock,
  log,
  everyMs,
  wait,
}: PollerDeps): Poller {
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();

  async function poll(): Promise<void> {
    let cursor = await leads.cursor();
    while (!stopping.signal.aborted) {
      const found = await pool.fetch(cursor, PAGE);
      if (found.leads.length > 0)
        await intake.put(found.leads.map((lead) => inboundLead(lead, clock.now())));
      if (found.cursor !== cursor) await leads.moveCursor(found.cursor);
      if (found.leads.length < PAGE || found.cursor === cursor) return;
      cursor = found.cursor;
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await poll().catch((error: unknown) =>
        log.warn({ err: error }, 'the lead pool could not be read; trying again'),
      );
      await wait(everyMs, stopping.signal);
    }
  }

  return {
    start() {
      running = run();
    },
    async stop() {
      stopping.abort();
      await running;
    },
    poll,
  };
}
