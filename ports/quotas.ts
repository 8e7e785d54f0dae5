// Units of shared limits, held by attempts of touches: taken before delivery, given back on release, exact whatever crashes.

import type { QuotaTake } from '../rules/gate/quota';

export interface QuotaRequest {
  /** `touchId#attempt`: the same key never holds two units of a scope. */
  readonly key: string;
  readonly takes: readonly QuotaTake[];
}

export interface QuotaStore {
  /**
   * Takes a unit of every scope of each ask, or of none. Per ask: null, or the scope that is full. A key that holds units of the
   * same scopes keeps them, one that holds others (it is asked again on the next day) exchanges them. Earlier asks go first.
   */
  take(asks: readonly QuotaRequest[]): Promise<(string | null)[]>;
  /** Gives back what these keys hold; a key that holds nothing changes nothing. */
  giveBack(keys: readonly string[]): Promise<void>;
  /** Units taken of each scope. */
  used(scopes: readonly string[]): Promise<number[]>;
}
