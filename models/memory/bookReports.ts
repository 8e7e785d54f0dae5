// Reports of reconciles and reapers in memory.

import type { BookReportStore } from '../../ports/bookReports';
import type { BookReport } from '../../rules/ledger/bookReport';
import { copy } from './copy';

export function createMemoryBookReports(): BookReportStore {
  const rows = new Map<string, BookReport>();

  return {
    save: async (report) => void rows.set(report.reportId, copy(report)),
    find: async (reportId) => copy(rows.get(reportId)) ?? null,
    list: async ({ flow, since = '', limit }) =>
      [...rows.values()]
        .filter((row) => (flow === undefined || row.flow === flow) && row.startedAt >= since)
        .sort(newestFirst)
        .slice(0, limit)
        .map(copy),
  };
}

const newestFirst = (a: BookReport, b: BookReport): number =>
  a.startedAt === b.startedAt ? compare(b.reportId, a.reportId) : compare(b.startedAt, a.startedAt);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
