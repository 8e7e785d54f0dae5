// Reports of the flows that read the channels' own records.

import type { BookReport } from '../rules/ledger/bookReport';

export interface BookReportStore {
  /** Creates or replaces by `reportId`. */
  save(report: BookReport): Promise<void>;
  find(reportId: string): Promise<BookReport | null>;
  /** Newest start first. `since`: ISO, those that began then or later. */
  list(filter: {
    readonly flow?: BookReport['flow'];
    readonly since?: string;
    readonly limit: number;
  }): Promise<BookReport[]>;
}
