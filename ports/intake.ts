// The way into sopflow: what comes from outside is written down before it is acknowledged.

import type { CustomerEvent } from '../rules/event/event.schema';
import type { SystemCallback, WecomCallback } from './callbacks';
import type { Inbound, PutOutcome } from './inbox';
import type { Lead } from './leads';

export interface Intake {
  /** Durable when it resolves. */
  put(items: readonly Inbound[]): Promise<readonly PutOutcome[]>;
}

/** What was read from the systems' own records. Each answers how much of it was new; the rest is dropped. */
export interface LateIntake {
  wecom(callbacks: readonly WecomCallback[]): Promise<number>;
  system(callbacks: readonly SystemCallback[]): Promise<number>;
  leads(leads: readonly Lead[]): Promise<number>;
  /** Acceptances that a run has heard of and not taken. */
  acceptances(events: readonly CustomerEvent[], runId: string): Promise<number>;
}

/** Counts what became of items of the inbox. */
export interface IntakeMetrics {
  processed(kind: string, outcome: 'done' | 'retried' | 'parked', lagSeconds: number): void;
}
