// Where it is kept which version of a trigger fires. Versions themselves are a library's.

import type { TriggerLife } from '../rules/trigger/life';

/** A version that was played over the past; of each version the latest stands. */
export interface TriggerBacktest {
  readonly triggerId: string;
  readonly version: number;
  /** ISO: when it ended. */
  readonly at: string;
  readonly by: string;
  /** What it found, as it is shown. */
  readonly report: object;
}

export interface TriggerLifeStore {
  keepBacktest(backtest: TriggerBacktest): Promise<void>;
  findBacktest(triggerId: string, version: number): Promise<TriggerBacktest | null>;
  /** Null: none of its versions was ever enabled. */
  find(triggerId: string): Promise<TriggerLife | null>;
  /** All of them, by id. */
  list(): Promise<TriggerLife[]>;
  /** Of those that are enabled: id and version, by id. Asked at every event. */
  enabled(): Promise<readonly { readonly triggerId: string; readonly version: number }[]>;
  /**
   * Keeps the next state of a life, whose revision is one more than that of the state it was made from; the first has revision 1.
   * False: somebody else changed it meanwhile.
   */
  keep(next: TriggerLife): Promise<boolean>;
}
