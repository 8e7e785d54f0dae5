// Reports of reconciles and reapers over MongoDB.

import { type Connection, type Model, Schema } from 'mongoose';
import type { BookReportStore } from '../../ports/bookReports';
import type { BookReport } from '../../rules/ledger/bookReport';
import { guarded } from './failures';
import { modelOf } from './model';

interface BookReportDocument extends Omit<BookReport, 'reportId'> {
  readonly _id: string;
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    flow: { type: String, enum: ['reap', 'reconcile'], required: true },
    from: String,
    to: String,
    startedAt: { type: String, required: true },
    endedAt: String,
    parts: { type: Schema.Types.Mixed, required: true },
  },
  { collection: 'bookReports', versionKey: false, minimize: false, strict: 'throw', id: false },
);
schema.index({ startedAt: -1, _id: -1 });

export function bookReportModel(connection: Connection): Model<BookReportDocument> {
  return modelOf(connection, 'BookReport', schema);
}

export function createBookReportStore(connection: Connection): BookReportStore {
  const reports = bookReportModel(connection);

  return guarded<BookReportStore>({
    async save({ reportId, ...report }) {
      await reports.replaceOne({ _id: reportId }, report, { upsert: true });
    },

    async find(reportId) {
      const found = await reports.findOne({ _id: reportId }).lean<BookReportDocument>();
      return found && reportFromDocument(found);
    },

    async list({ flow, since, limit }) {
      const filter = {
        ...(flow !== undefined && { flow }),
        ...(since !== undefined && { startedAt: { $gte: since } }),
      };
      const found = await reports
        .find(filter)
        .sort({ startedAt: -1, _id: -1 })
        .limit(limit)
        .lean<BookReportDocument[]>();
      return found.map(reportFromDocument);
    },
  });
}

const reportFromDocument = ({ _id, ...report }: BookReportDocument): BookReport => ({
  reportId: _id,
  ...report,
});
