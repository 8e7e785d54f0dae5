// The flow of a calendar on the real server with skipped time: which waves it starts, and when.

import { aCalendar, at, type CalendarScenario, daily } from '../support/calendarScenario';

jest.setTimeout(120_000);

let calendar: CalendarScenario;

beforeEach(async () => {
  calendar = await aCalendar();
});
afterEach(() => calendar.server.close());

const MORNING = daily('morning', '10:00');
const EVENING = daily('evening', '18:00');

describe('the run of a calendar', () => {
  it('sleeps to the next slot and starts one wave for each slot and date', async () => {
    const { id, server, stores, begun, approve } = calendar;
    await approve([EVENING, MORNING], at('06T09:00'));
    await server.begin(id, at('06T09:00'));
    await server.until(at('08T12:00'));

    expect(begun()).toEqual([
      ...['morning 06@1 06T10:00', 'evening 06@1 06T18:00'],
      ...['morning 07@1 07T10:00', 'evening 07@1 07T18:00'],
      'morning 08@1 08T10:00',
    ]);
    const waves = await stores.waves.list({ limit: 10 });
    expect(waves.map(({ state }) => state)).toEqual(Array(5).fill('ended'));
    const numbers = await stores.waves.numbers(waves.map(({ waveId }) => waveId));
    expect(numbers.map(({ state, count }) => [state, count])).toEqual(Array(5).fill(['sent', 1]));
  });

  it('starts what begins at the same instant in the order of priority', async () => {
    const { id, server, begun, approve } = calendar;
    const low = daily('a-low', '10:00', { priority: 1 });
    const high = daily('b-high', '10:00', { priority: 2 });
    await approve([low, high], at('06T09:00'));
    await server.begin(id, at('06T09:00'));
    await server.until(at('06T12:00'));

    expect(begun()).toEqual(['b-high 06@1 06T10:00', 'a-low 06@1 06T10:00']);
  });

  it('reads again what it has to start when it is told of a change in its sleep', async () => {
    const { id, server, begun, approve } = calendar;
    await approve([EVENING], at('06T09:00'));
    await server.begin(id, at('06T09:00'));
    await server.until(at('06T12:00'));
    await approve([daily('noon', '13:00')], at('06T12:30'), at('06T12:00'));
    await server.changed(id);
    await server.until(at('06T20:00'));

    expect(begun()).toEqual(['noon 06@2 06T13:00']);
  });

  it('starts nothing while it is paused, and then what has not begun meanwhile, once', async () => {
    const { id, server, stores, begun, approve, act } = calendar;
    await approve([MORNING, EVENING], at('06T09:00'));
    await server.begin(id, at('06T09:00'));
    await server.until(at('06T12:00'));
    await act('pause', at('06T12:00'));
    await server.until(at('07T23:00'));
    expect(begun()).toEqual(['morning 06@1 06T10:00']);

    await act('resume', at('07T23:00'));
    await server.until(at('08T12:00'));
    expect(begun().slice(1)).toEqual([
      ...['evening 06@1 07T23:00', 'morning 07@1 07T23:00', 'evening 07@1 07T23:00'],
      'morning 08@1 08T10:00',
    ]);
    const missed = (await stores.waves.list({ limit: 10 })).filter(
      ({ state }) => state === 'missed',
    );
    expect(missed.map(({ slotId, date }) => `${slotId} ${date}`).sort()).toEqual([
      'evening 2090-03-06',
      'morning 2090-03-07',
    ]);
  });

  it('is over when the calendar is ended, and starts nothing more', async () => {
    const { id, server, begun, approve, act } = calendar;
    await approve([MORNING], at('06T09:00'));
    await server.begin(id, at('06T09:00'));
    await server.until(at('06T12:00'));
    await act('end', at('06T12:00'));
    await server.until(at('08T12:00'));

    expect(await server.run(id).handle.result()).toEqual({ outcome: 'ended' });
    expect(begun()).toHaveLength(1);
  });

  it('is over at once when no version was ever approved', async () => {
    const { id, server } = calendar;
    await server.begin(id, at('06T09:00'));
    expect(await server.run(id).handle.result()).toEqual({ outcome: 'none' });
  });

  it('begun anew after a loss starts once what it missed, and nothing that had begun', async () => {
    const { id, server, stores, begun, approve } = calendar;
    await approve([MORNING, EVENING], at('06T09:00'));
    await server.begin(id, at('06T09:00'));
    await server.until(at('06T12:00'));
    await server.down(at('07T12:00'));
    await server.until(at('07T20:00'));

    expect(begun()).toEqual([
      ...['morning 06@1 06T10:00', 'evening 06@1 07T12:00', 'morning 07@1 07T12:00'],
      'evening 07@1 07T18:00',
    ]);
    const waves = await stores.waves.list({ limit: 10 });
    expect(waves.filter(({ state }) => state === 'missed')).toMatchObject([
      { slotId: 'evening', date: '2090-03-06' },
    ]);
  });

  it('goes on in a history of its own once one has grown long, where it stood', async () => {
    const { id, server, approve } = calendar;
    const anchor = { kind: 'monthDay', day: 10 } as const;
    await approve([daily('tenth', '10:00', { anchor })], at('06T09:00'));
    await server.begin(id, at('06T09:00'));
    const { runId } = await server.run(id).handle.describe();
    await server.until('2090-06-30T00:00:00.000Z');

    expect((await server.run(id).handle.describe()).runId).not.toBe(runId);
    const tenths = ['03-10', '04-10', '05-10', '06-10'];
    expect(server.waves.map(({ at: began }) => began.slice(5, 10))).toEqual(tenths);
  });
});
