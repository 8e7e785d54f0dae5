import { isCodedError } from '../base/errors';
import { parseCalendarCase } from './calendarCase.schema';

const slot = (fields: object = {}) => ({
  id: 's',
  anchor: { kind: 'monthDay', day: 1 },
  at: '10:00',
  touch: { channel: 'wecom', class: 'marketing', template: 't' },
  ...fields,
});

const given = (calendar: object, fields: object = {}) => ({
  calendar: { id: 'cal', version: 1, timezone: 'Asia/Shanghai', slots: [slot()], ...calendar },
  contacts: [{ contactId: 'c-1' }],
  from: '2026-01-01',
  to: '2026-01-31',
  ...fields,
});

const withSlot = (fields: object) => given({ slots: [slot(fields)] });
const withAnchor = (anchor: object) => withSlot({ anchor });
const withPhase = (fields: object) =>
  given({ phases: [{ id: 'p', fromDay: 1, toDay: 5, ...fields }] });

function refusalOf(value: unknown): { path: string; message: string } {
  try {
    parseCalendarCase(value);
  } catch (error) {
    if (isCodedError(error) && error.issues[0]) return error.issues[0];
  }
  return { path: 'nothing', message: 'was refused' };
}

test.each([
  [withAnchor({ kind: 'moon' }), 'calendar.slots[0].anchor.kind', /"moon".*date, monthDay, work/],
  [withAnchor({ kind: 'date', date: '2026-02-29' }), 'calendar.slots[0].anchor.date', /exists/],
  [
    withAnchor({ kind: 'date', date: '2026-02-28', offsetDays: 1 }),
    'calendar.slots[0].anchor.offsetDays',
    /unknown key; allowed: kind, date/,
  ],
  [withAnchor({ kind: 'monthDay', day: 0 }), 'calendar.slots[0].anchor.day', /0 is not.*-1 to -31/],
  [withAnchor({ kind: 'monthDay', day: -32 }), 'calendar.slots[0].anchor.day', /-32/],
  [withAnchor({ kind: 'monthDay', day: 1.5 }), 'calendar.slots[0].anchor.day', /1.5/],
  [withAnchor({ kind: 'workday', n: 0 }), 'calendar.slots[0].anchor.n', /not 0/],
  [withAnchor({ kind: 'weekday', weekday: 'mon', n: 6 }), 'calendar.slots[0].anchor.n', /1 to 5/],
  [withAnchor({ kind: 'weekly', weekdays: ['mo'] }), 'calendar.slots[0].anchor.weekdays[0]', /mon/],
  [withAnchor({ kind: 'billDay', day: 3 }), 'calendar.slots[0].anchor.day', /kind, offsetDays/],
  [given({ slots: [slot(), slot()] }), 'calendar.slots[1].id', /"s".*no other slot/],
  [withSlot({ at: '24:00' }), 'calendar.slots[0].at', /HH:mm/],
  [withSlot({ at: '9:00' }), 'calendar.slots[0].at', /"9:00"/],
  [withSlot({ spanDays: 0 }), 'calendar.slots[0].spanDays', />= 1/],
  [withSlot({ spreadMinutes: -1 }), 'calendar.slots[0].spreadMinutes', />= 0/],
  [withSlot({ shift: 'later' }), 'calendar.slots[0].shift', /none, next, previous, skip/],
  [withSlot({ phase: 'p' }), 'calendar.slots[0].phase', /"p" is not/],
  [withSlot({ colour: 'red' }), 'calendar.slots[0].colour', /unknown key/],
  [withSlot({ audience: { $where: '1' } }), 'calendar.slots[0].audience.$where', /\$and, \$or/],
  [
    withSlot({ audience: { fee: { $regex: '5' } } }),
    'calendar.slots[0].audience.fee.$regex',
    /"5" is not allowed; allowed: \$eq/,
  ],
  [withSlot({ audience: [] }), 'calendar.slots[0].audience', /a condition/],
  [withPhase({ fromDay: 6 }), 'calendar.phases[0].toDay', /not before/],
  [withPhase({ fromDay: 0 }), 'calendar.phases[0].fromDay', />= 1/],
  [withPhase({ toDay: 32 }), 'calendar.phases[0].toDay', /<= 31/],
  [given({ cities: [] }), 'calendar.cities', /not empty/],
  [given({ timezone: 'Asia/Peking' }), 'calendar.timezone', /Asia\/Shanghai/],
  [given({}, { contacts: [{ contactId: 'c', billDay: 32 }] }), 'contacts[0].billDay', /<= 31/],
  [
    given({}, { contacts: [{ contactId: 'c', activatedAt: '2026-01-01T00:00' }] }),
    'contacts[0].activatedAt',
    /offset/,
  ],
  [given({}, { contacts: [{}] }), 'contacts[0].contactId', /missing/],
  [given({}, { from: '2026-02-30' }), 'from', /YYYY-MM-DD/],
  [given({}, { holidays: { days: { '2026-01-01': 'free' } } }), 'holidays.days.2026-01-01', /rest/],
  [given({}, { holidays: { names: { x: ['may'] } } }), 'holidays.names.x[0]', /YYYY-MM-DD/],
])('a malformed calendar is refused at its place: %#', (value, path, message) => {
  const refusal = refusalOf(value);
  expect(refusal.path).toBe(path);
  expect(refusal.message).toMatch(message);
});

test('a field that is null is as if absent, but not in an audience or an attribute of a contact', () => {
  const parsed = parseCalendarCase(
    given(
      { cities: null, slots: [slot({ shift: null, phase: null, audience: { points: null } })] },
      { holidays: null, contacts: [{ contactId: 'c-1', billDay: null, points: null }] },
    ),
  );
  expect(parsed.calendar.cities).toBeUndefined();
  expect(parsed.calendar.slots[0]?.audience).toEqual({ points: null });
  expect(parsed.contacts).toEqual([{ contactId: 'c-1', billDay: null, points: null }]);
});

test('what people are told about a phase needs no more than its days', () => {
  const phases = [{ id: 'month-start', fromDay: 1, toDay: 5, name: '月初出账期' }];
  const value = given({ phases, slots: [slot({ phase: 'month-start' })] });
  expect(parseCalendarCase(value).calendar.phases).toEqual(phases);
});
