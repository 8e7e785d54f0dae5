// What every store of reports about the channels' books promises.

import type { BookReport } from '../../rules/ledger/bookReport';
import { hoursAfter, type Make } from './builders';

const aReport = (fields: Partial<BookReport> = {}): BookReport => ({
  reportId: 'r-1',
  flow: 'reconcile',
  from: hoursAfter(-72),
  to: hoursAfter(0),
  startedAt: hoursAfter(0),
  parts: {
    sms: { pages: 2, looked: 300, found: { 'callback-missed': 3 }, state: 'running' },
    leads: { pages: 0, looked: 0, found: {}, state: 'failed', failure: 'UNAVAILABLE' },
  },
  ...fields,
});

export function describeBookReportStoreContract(name: string, make: Make): void {
  describe(`the store of book reports ${name}`, () => {
    it('keeps a report under its id, and what became of it later in its place', async () => {
      const { bookReports } = await make();
      await bookReports.save(aReport());
      expect(await bookReports.find('r-1')).toEqual(aReport());

      const { from: _from, to: _to, ...ended } = aReport({ endedAt: hoursAfter(1), parts: {} });
      await bookReports.save(ended);
      expect(await bookReports.find('r-1')).toEqual(ended);
      expect(await bookReports.find('r-2')).toBeNull();
    });

    it('lists the newest first, of one flow, from an instant on', async () => {
      const { bookReports } = await make();
      await bookReports.save(aReport({ reportId: 'r-1', startedAt: hoursAfter(1) }));
      await bookReports.save(aReport({ reportId: 'r-2', startedAt: hoursAfter(3) }));
      await bookReports.save(aReport({ reportId: 'r-3', startedAt: hoursAfter(2), flow: 'reap' }));

      const ids = async (filter: Parameters<typeof bookReports.list>[0]) =>
        (await bookReports.list(filter)).map(({ reportId }) => reportId);
      expect(await ids({ limit: 9 })).toEqual(['r-2', 'r-3', 'r-1']);
      expect(await ids({ limit: 1 })).toEqual(['r-2']);
      expect(await ids({ flow: 'reconcile', limit: 9 })).toEqual(['r-2', 'r-1']);
      expect(await ids({ since: hoursAfter(2), limit: 9 })).toEqual(['r-2', 'r-3']);
    });
  });
}
