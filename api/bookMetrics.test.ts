import { createFakeApi, NOW } from '../test/fakes/api';
import { aPassed } from '../test/fakes/ledger';
import { reserveOne } from '../test/support/singles';

const MINUTE_MS = 60_000;
const iso = (atMs: number) => new Date(atMs).toISOString();

async function withAlarms() {
  const api = await createFakeApi();
  const { contacts, touches, bookReports } = api.stores;
  for (const [contactId, minutesLate] of [
    ['c-1', 40],
    ['c-2', 20],
  ] as const) {
    await contacts.upsertMany([{ contactId, city: 'yunfu' }]);
    const contact = await contacts.find(contactId);
    if (!contact) throw new Error('the contact was not kept');
    const settleBy = iso(NOW - minutesLate * MINUTE_MS);
    const row = {
      ...aPassed('t', iso(NOW - 90 * MINUTE_MS), { settleBy }),
      contactId,
      revision: 1,
    };
    await reserveOne(touches, contact, row);
  }

  const part = { pages: 1, looked: 5, state: 'done' as const };
  const report = (reportId: string, startedAt: string, found: object) =>
    bookReports.save({
      reportId,
      flow: 'reconcile',
      startedAt,
      parts: { sms: { ...part, found } },
    });
  await report('r-1', iso(NOW - 3 * 3_600_000), { 'callback-missed': 2 });
  await report('r-2', iso(NOW - 60_000), { 'callback-missed': 1, unreadable: 1 });
  await report('r-3', iso(NOW - 25 * 3_600_000), { 'callback-missed': 9 });
  return api;
}

describe('the metrics of the books', () => {
  it('count contacts that even the reaper left open, and what was found within a day', async () => {
    const { deps } = await withAlarms();
    const { text } = await deps.metrics.render();
    expect(text).toContain('sopflow_overdue_contacts 1\n');
    expect(text).toContain('sopflow_book_differences{flow="reconcile",kind="callback-missed"} 3\n');
    expect(text).toContain('sopflow_book_differences{flow="reconcile",kind="unreadable"} 1\n');
  });

  it('are on the status page', async () => {
    const api = await withAlarms();
    const { body } = await api.call('get', '/api/v1/summary');
    expect(body).toMatchObject({
      overdue: 1,
      differences: { 'callback-missed': 3, unreadable: 1 },
    });
  });

  it('say that nothing is known while the store is away', async () => {
    const { deps, stores } = await withAlarms();
    stores.touches.countOverdue = () => Promise.reject(new Error('away'));
    stores.bookReports.list = () => Promise.reject(new Error('away'));
    const { text } = await deps.metrics.render();
    expect(text).toMatch(/sopflow_overdue_contacts nan/i);
    expect(text).not.toContain('kind="callback-missed"');
  });
});
