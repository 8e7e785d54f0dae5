// Leads: opportunities another channel failed to reach. The IOP pool they come from, and our own record of them.

import type { LeadOutcome, SaidOutcome } from '../rules/journey/lead';

/** `outcome`: what the channel before us met with. */
export interface Lead extends SaidOutcome {
  readonly leadId: string;
  readonly contactId: string;
  readonly product: string;
  readonly createdAt: string;
  readonly expiresAt?: string;
}

export interface KeptLead extends Lead {
  readonly state: 'open' | 'claimed' | 'closed';
  readonly claimedBy?: string;
  readonly result?: LeadOutcome | 'exhausted' | 'stopped' | 'rejected';
  readonly attempts: number;
  readonly city: string;
  readonly workflowId?: string;
}

export interface FetchedLeads {
  readonly leads: readonly Lead[];
  /** Rows that are no leads, as they came: one of them stops no other. */
  readonly malformed: readonly Readonly<Record<string, unknown>>[];
  readonly cursor: string;
}

export interface LeadPool {
  /** Unreached leads after a cursor; an empty cursor begins at the start. */
  fetch(cursor: string, limit: number): Promise<FetchedLeads>;
  /** Tells the pool what became of a lead; repeating the same changes nothing. */
  report(
    leadId: string,
    report: { readonly outcome: string; readonly attempts: number; readonly at: string },
  ): Promise<void>;
}

export interface LeadStore {
  /** Adds leads that are new; answers the ids that were. */
  add(leads: readonly KeptLead[]): Promise<readonly string[]>;
  find(leadId: string): Promise<KeptLead | null>;
  update(
    leadId: string,
    change: Partial<Pick<KeptLead, 'state' | 'claimedBy' | 'result' | 'attempts' | 'workflowId'>>,
    onlyWhen?: KeptLead['state'],
  ): Promise<boolean>;
  list(filter: {
    readonly state?: KeptLead['state'];
    readonly contactId?: string;
    readonly cities?: readonly string[];
    readonly after?: string;
    readonly limit: number;
  }): Promise<KeptLead[]>;
  /** Where the next fetch from the pool begins. */
  cursor(): Promise<string>;
  moveCursor(cursor: string): Promise<void>;
}
