// Names that somebody claimed for a contact without the rights over those who have them: they wait for somebody who has.

import type { Alias } from './contacts';

export interface NameClaim {
  readonly claimId: string;
  readonly contactId: string;
  readonly city: string;
  /** Personal: its value. */
  readonly name: Alias;
  /** Who had the name when it was claimed. */
  readonly holders: readonly { readonly contactId: string; readonly city: string }[];
  /** Name of the key or the person that claimed it. */
  readonly by: string;
  /** ISO. */
  readonly at: string;
  readonly state: 'waiting' | 'granted' | 'refused';
  readonly decision?: ClaimDecision;
}

export interface ClaimDecision {
  readonly by: string;
  /** ISO. */
  readonly at: string;
  readonly reason: string;
}

export interface NameClaimFilter {
  readonly state?: NameClaim['state'];
  /** Of which the claiming contact or a holder is in one of these; absent: all. */
  readonly cities?: readonly string[];
  readonly after?: string;
  readonly limit: number;
}

export interface NameClaimStore {
  /** Claims that are known already stay as they are, also those that were refused. */
  keep(claims: readonly NameClaim[]): Promise<void>;
  find(claimId: string): Promise<NameClaim | null>;
  /** By id, ascending. */
  list(filter: NameClaimFilter): Promise<NameClaim[]>;
  /** False: there is none, or it does not wait any more. */
  decide(claimId: string, state: 'granted' | 'refused', decision: ClaimDecision): Promise<boolean>;
}
