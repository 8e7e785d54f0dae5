// The read model of journey runs, for lists and for finding whom a signal concerns. Temporal holds the truth.

import type { JourneyKind } from '../rules/journey/kinds';

export interface RunRecord {
  readonly workflowId: string;
  readonly journey: JourneyKind;
  readonly contactId: string;
  readonly city: string;
  readonly staffId?: string;
  /** What began it. Absent on rows from before it was kept. */
  readonly entry?: string;
  readonly state: 'running' | 'closed';
  readonly outcome?: string;
  readonly startedAt: string;
  readonly closedAt?: string;
}

export interface RunStore {
  /** The run itself has begun: creates its row, or opens a closed one again, but only for another entry. */
  open(run: Omit<RunRecord, 'state'>): Promise<void>;
  /** A run was asked for: creates its row where there is none, and changes nothing otherwise. */
  openNew(run: Omit<RunRecord, 'state'>): Promise<void>;
  close(workflowId: string, outcome: string, at: string): Promise<void>;
  find(workflowId: string): Promise<RunRecord | null>;
  ofContact(contactId: string): Promise<RunRecord[]>;
  /** Runs of a contact, all or some, become those of another one: a record of the person goes into another, or parts from it. */
  handOver(contactId: string, to: string, workflowIds?: readonly string[]): Promise<void>;
  /** The running runs of some contacts, in no order. */
  runningOf(contactIds: readonly string[]): Promise<RunRecord[]>;
  list(filter: {
    readonly journey?: JourneyKind;
    readonly contactId?: string;
    readonly cities?: readonly string[];
    readonly state?: RunRecord['state'];
    readonly after?: string;
    readonly limit: number;
  }): Promise<RunRecord[]>;
  /** Counts by journey, state and outcome. */
  totals(): Promise<
    readonly {
      readonly journey: JourneyKind;
      readonly state: RunRecord['state'];
      readonly outcome?: string;
      readonly count: number;
    }[]
  >;
}
