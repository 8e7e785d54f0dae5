// A calendar over the turn of a year on the real server with skipped time: both tables of holidays count, and a year that nobody has
// arranged yet is made of weekends. What the preview says of it is what the run does.

import { previewCalendar } from '../../rehearsal/preview';
import type { HolidayTable } from '../../rules/time/holidays';
import { aCalendar, type CalendarScenario, daily } from '../support/calendarScenario';

jest.setTimeout(120_000);

/** A Friday. */
const BEGINS = '2090-12-29T09:00:00.000Z';
/** A Sunday evening. */
const EVE = '2090-12-31T20:00:00.000Z';
const ENDS = '2091-01-04T20:00:00.000Z';
const LAST_YEAR = { '2090-12-30': 'work', '2090-12-31': 'work', '2090-12-29': 'rest' } as const;
const NEXT_YEAR = { '2091-01-01': 'rest', '2091-01-02': 'rest' } as const;

const SLOTS = [
  daily('last-day', '10:00', { anchor: { kind: 'monthDay', day: -1 }, shift: 'skip' }),
  daily('first-day', '10:00', { anchor: { kind: 'monthDay', day: 1 }, shift: 'next' }),
  daily('friday', '12:00', { anchor: { kind: 'weekly', weekdays: ['fri'] }, shift: 'skip' }),
];

let calendar: CalendarScenario;
beforeEach(async () => {
  calendar = await aCalendar();
  await calendar.approve(SLOTS, BEGINS);
});
afterEach(() => calendar.server.close());

async function arrange(days: HolidayTable['days']): Promise<void> {
  const { holidays } = calendar.stores;
  const { version } = await holidays.draft('cn', { days, names: {} }, 'ann', BEGINS);
  await holidays.publish('cn', version, 'ann', BEGINS);
}

/** What became of each contact, in the order of time. */
async function touched(): Promise<readonly string[]> {
  const { waves } = calendar.stores;
  const found: string[] = [];
  for (const { waveId, slotId } of await waves.list({ limit: 100 }))
    for (const { state, at } of await waves.contacts(waveId, { limit: 100 }))
      found.push(`${at.slice(0, 16)} ${slotId} ${state}`);

  return found.sort();
}

async function foretold(): Promise<{ readonly said: readonly string[]; readonly warned: unknown }> {
  const { report, touches } = await previewCalendar(
    { calendarId: calendar.id, version: 1, from: '2090-12-29', to: '2091-01-04', author: 'ann' },
    {
      stores: calendar.stores,
      channels: [{ name: 'sms', maxBytes: 4000 }],
      clock: { now: () => Date.parse(BEGINS) },
      signal: new AbortController().signal,
      progress: () => {},
    },
  );
  const said = touches.map(
    ({ at, slotId, outcome }) =>
      `${at.slice(0, 16)} ${slotId} ${outcome === 'passed' ? 'sent' : outcome}`,
  );
  return { said: said.sort(), warned: report.holidays };
}

describe('a calendar over the turn of a year', () => {
  it('goes by the tables of both years, as its preview does', async () => {
    const { id, server } = calendar;
    await arrange({ ...LAST_YEAR, ...NEXT_YEAR });
    const { said, warned } = await foretold();
    await server.begin(id, BEGINS);
    await server.until(ENDS);

    expect(await touched()).toEqual([
      '2090-12-31T10:00 last-day sent',
      '2091-01-03T10:00 first-day sent',
    ]);
    expect(said).toEqual(await touched());
    expect(warned).toEqual([]);
  });

  it('goes by weekends in a year that the table lacks, of which the preview warns', async () => {
    const { id, server } = calendar;
    await arrange(LAST_YEAR);
    const { said, warned } = await foretold();
    await server.begin(id, BEGINS);
    await server.until(ENDS);

    expect(await touched()).toEqual([
      '2090-12-31T10:00 last-day sent',
      '2091-01-01T10:00 first-day sent',
    ]);
    expect(said).toEqual(await touched());
    expect(warned).toMatchObject([{ kind: 'unarranged-year', year: 2091 }]);
  });

  it('touches nobody on a day that was made one of rest while its run slept, but on the next that is not', async () => {
    const { id, server } = calendar;
    await arrange(LAST_YEAR);
    await server.begin(id, BEGINS);
    await server.until(EVE);
    await arrange({ ...LAST_YEAR, ...NEXT_YEAR });
    await server.until(ENDS);

    expect(await touched()).toEqual([
      '2090-12-31T10:00 last-day sent',
      '2091-01-03T10:00 first-day sent',
    ]);
  });
});
