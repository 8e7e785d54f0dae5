// The way into sopflow: what comes from outside is written down before it is acknowledged.

import type { Inbound } from './inbox';

export interface Intake {
  /** Durable when it resolves; per item true when it is new. */
  put(items: readonly Inbound[]): Promise<readonly boolean[]>;
}

/** Counts what became of items of the inbox. */
export interface IntakeMetrics {
  processed(kind: string, outcome: 'done' | 'retried' | 'refused', lagSeconds: number): void;
}
