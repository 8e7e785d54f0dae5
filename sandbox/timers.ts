// Things that will happen: durable, so that a call dialled before a restart still has its result after it.

import type { Clock } from './clock';
import type { Serials } from './identity';
import type { Table, Tables } from './tables';

export interface Timer {
  readonly id: string;
  readonly at: number;
  readonly kind: string;
  readonly subject: string;
}

export interface Timers {
  /** Does `kind` to `subject` after `delayMs`. */
  after(delayMs: number, kind: string, subject: string): void;
  on(kind: string, act: (subject: string) => void): void;
  /** Does everything that is due, earliest first. */
  run(): void;
}

export function createTimers(deps: {
  clock: Clock;
  tables: Tables;
  timers: Table<Timer>;
  serials: Serials;
}): Timers {
  const { clock, tables, timers, serials } = deps;
  const acts = new Map<string, (subject: string) => void>();

  return {
    after(delayMs, kind, subject) {
      const id = String(serials.count('timer'));
      timers.set(id, { id, at: clock.now() + delayMs, kind, subject });
    },
    on(kind, act) {
      acts.set(kind, act);
    },
    run() {
      if (timers.size === 0) return;

      const now = clock.now();
      const due = timers.all().filter((timer) => timer.at <= now);

      for (const timer of due.sort((a, b) => a.at - b.at || Number(a.id) - Number(b.id)))
        tables.atomically(() => {
          timers.delete(timer.id);
          const act = acts.get(timer.kind);
          if (!act) throw new Error(`nobody does "${timer.kind}"`);
          act(timer.subject);
        });
    },
  };
}
