import type { PreviewedTouch } from './preview';
import { previewReport } from './previewReport';

const aTouch = (over: Partial<PreviewedTouch> = {}): PreviewedTouch => ({
  calendarId: 'month',
  slotId: 'upsell',
  date: '2026-12-01',
  contactId: 'c-1',
  city: 'guangzhou',
  plannedAt: '2026-12-01T02:00:00.000Z',
  outcome: 'passed',
  at: '2026-12-01T02:00:00.000Z',
  channel: 'wecom',
  ...over,
});

const report = (...touches: Partial<PreviewedTouch>[]) =>
  previewReport(touches.map(aTouch), { id: 'month', timezone: 'Asia/Shanghai' });

describe('the numbers of a preview', () => {
  it('count what passes, is held, is suppressed and is missed, and each contact once', () => {
    const numbers = report(
      {},
      { slotId: 'remind', heldBy: { reason: 'gap' } },
      { contactId: 'c-2', outcome: 'suppressed', reason: 'cap', rule: 'week' },
      { contactId: 'c-3', outcome: 'missed', reason: 'expired', heldBy: { reason: 'gap' } },
      { contactId: 'c-4', outcome: 'handed-on' },
    );
    expect(numbers).toMatchObject({
      ...{ contacts: 4, occurrences: 5, passed: 2, held: 2 },
      ...{ suppressed: 1, missed: 1, handedOn: 1 },
    });
  });

  it('tell each day in order, with the hours of the calendar’s own clock', () => {
    const { days } = report(
      { date: '2026-12-02', plannedAt: '2026-12-02T02:00:00Z' },
      { plannedAt: '2026-12-01T02:59:00Z' },
      { contactId: 'c-2', plannedAt: '2026-12-01T16:30:00Z' },
    );
    expect(days.map(({ date, hours }) => [date, hours])).toEqual([
      ['2026-12-01', { 10: 1, 0: 1 }],
      ['2026-12-02', { 10: 1 }],
    ]);
  });

  it('name every reason with its rule, the most frequent first', () => {
    const { reasons } = report(
      { outcome: 'suppressed', reason: 'cap', rule: 'week' },
      { outcome: 'suppressed', reason: 'blocked' },
      { outcome: 'suppressed', reason: 'blocked' },
      { outcome: 'missed', reason: 'blocked' },
      {},
    );
    expect(reasons).toEqual([
      { outcome: 'suppressed', reason: 'blocked', count: 2 },
      { outcome: 'missed', reason: 'blocked', count: 1 },
      { outcome: 'suppressed', reason: 'cap', rule: 'week', count: 1 },
    ]);
  });

  it('name what held touches for a while, whatever became of them', () => {
    const { reasons } = report(
      { heldBy: { reason: 'quiet-hours', rule: 'noon' } },
      { outcome: 'missed', reason: 'expired', heldBy: { reason: 'quiet-hours', rule: 'noon' } },
      { heldBy: { reason: 'gap' } },
    );
    expect(reasons).toEqual([
      { outcome: 'held', reason: 'quiet-hours', rule: 'noon', count: 2 },
      { outcome: 'missed', reason: 'expired', count: 1 },
      { outcome: 'held', reason: 'gap', count: 1 },
    ]);
  });

  it('count a confirmation on the day on which it is asked for', () => {
    const { days, staff } = report(
      { staffId: 's-1' },
      { staffId: 's-1', contactId: 'c-2', at: '2026-12-01T16:30:00.000Z' },
    );
    expect(staff.map(({ date, confirmations }) => [date, confirmations])).toEqual([
      ['2026-12-01', 1],
      ['2026-12-02', 1],
    ]);
    expect(days.map((day) => [day.date, day.occurrences, day.confirmations])).toEqual([
      ['2026-12-01', 2, 1],
      ['2026-12-02', 0, 1],
    ]);
  });

  it('show whom of the staff a day asks most of: only what passes is to be confirmed', () => {
    const { staff, days } = report(
      { staffId: 's-1' },
      { staffId: 's-2', contactId: 'c-2' },
      { staffId: 's-2', contactId: 'c-3' },
      { staffId: 's-1', contactId: 'c-4', outcome: 'suppressed', reason: 'cap' },
      { contactId: 'c-5', channel: 'sms' },
    );
    expect(staff).toEqual([
      { staffId: 's-2', date: '2026-12-01', confirmations: 2 },
      { staffId: 's-1', date: '2026-12-01', confirmations: 1 },
    ]);
    expect(days[0]?.confirmations).toBe(3);
  });

  it('find slots, also of other calendars, that are due for the same contacts on the same date', () => {
    const { collisions } = report(
      {},
      { slotId: 'remind' },
      { contactId: 'c-2', date: '2026-11-30' },
      { contactId: 'c-2', date: '2026-11-30', slotId: 'remind' },
      { calendarId: 'festival', contactId: 'c-2', date: '2026-11-30' },
      { calendarId: 'festival', contactId: 'c-3', date: '2026-11-30' },
    );
    expect(collisions).toEqual([
      { slots: ['month/remind', 'month/upsell'], contacts: 2, firstDate: '2026-11-30' },
      { slots: ['festival/upsell', 'month/remind'], contacts: 1, firstDate: '2026-11-30' },
      { slots: ['festival/upsell', 'month/upsell'], contacts: 1, firstDate: '2026-11-30' },
    ]);
  });

  it('are of the one calendar only, but for where another one meets it', () => {
    const other = { calendarId: 'festival' };
    const numbers = report(
      {},
      other,
      { ...other, slotId: 'second' },
      { ...other, date: '2026-12-09' },
    );
    expect(numbers).toMatchObject({ occurrences: 1, contacts: 1 });
    expect(numbers.days).toHaveLength(1);
    expect(numbers.collisions.map(({ slots }) => slots.join(' '))).toEqual([
      'festival/second month/upsell',
      'festival/upsell month/upsell',
    ]);
  });

  it('are nothing when nobody is due', () => {
    expect(report()).toEqual({
      ...{ contacts: 0, occurrences: 0, passed: 0, held: 0, suppressed: 0, missed: 0, handedOn: 0 },
      ...{ days: [], slots: [], reasons: [], staff: [], collisions: [] },
    });
  });
});
