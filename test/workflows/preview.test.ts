// What a preview says before anything is sent, and what the real workflows then do over skipped time when nothing else happens: the
// same, contact by contact.

import type { Delivery } from '../../ports/channel';
import { previewCalendar } from '../../rehearsal/preview';
import type { PreviewedTouch } from '../../rules/calendar/preview';
import { scriptedChannel } from '../fakes/channel';
import { openCalendarServer } from '../support/calendarServer';
import { aYearEnd, BEGINS, CALENDARS, FROM, TO } from '../support/previewScenario';

jest.setTimeout(300_000);

/** By then all that was held is sent or over. */
const ENDS = '2091-01-07T04:00:00.000Z';

/** What became of a contact in a slot on a date. */
interface Ending {
  readonly touch: string;
  readonly outcome: string;
  readonly channel: string;
  /** The minute in which it went out. Waves of the same instant go on in no order: which look gives an offer up is chance. */
  readonly at: string;
  readonly why: string;
  readonly staffId: string;
}

let foretold: readonly Ending[];
let happened: readonly Ending[];

beforeAll(async () => {
  const { touches } = await previewed('month');
  foretold = touches.map(foretelling);
  happened = await ran();
});

async function previewed(calendarId: string) {
  return previewCalendar(
    { calendarId, version: 1, from: FROM, to: TO, author: 'ann' },
    {
      stores: await aYearEnd(),
      channels: (['sms', 'wecom'] as const).map((name) => ({ name, maxBytes: 4000 })),
      clock: { now: () => Date.parse(BEGINS) },
      signal: new AbortController().signal,
      progress: () => {},
    },
  );
}

const minuteOf = (instant: string): string => instant.slice(0, 16);

function foretelling(touch: PreviewedTouch): Ending {
  const { calendarId, slotId, date, contactId, outcome, channel, at } = touch;
  const { reason = '', rule = '', staffId = '' } = touch;
  return {
    touch: `${calendarId}/${slotId}/${date}/${contactId}`,
    ...{ outcome, channel, why: `${reason} ${rule}`.trim() },
    ...(outcome === 'passed' ? { at: minuteOf(at), staffId } : { at: '', staffId: '' }),
  };
}

const OUTCOMES: Readonly<Record<string, string>> = {
  ...{ sent: 'passed', failed: 'suppressed', run: 'handed-on' },
};

async function ran(): Promise<readonly Ending[]> {
  const stores = await aYearEnd();
  const channels = [scriptedChannel('sms'), scriptedChannel('wecom')];
  const server = await openCalendarServer({ stores, channels });
  for (const { id } of CALENDARS) await server.begin(id, BEGINS);
  await server.until(ENDS);
  await server.close();

  const delivered = new Map<string, Delivery>(
    channels.flatMap(({ book }) => book.map((delivery) => [delivery.touchId, delivery])),
  );
  const endings: Ending[] = [];
  for (const { waveId, date } of await stores.waves.list({ limit: 1000 })) {
    if (date > TO) continue;

    for (const contact of await stores.waves.contacts(waveId, { limit: 1000 })) {
      const { contactId, state, channel, at, reason = '', rule = '' } = contact;
      const touch = `${waveId.slice('wave/'.length)}/${contactId}`;
      const outcome = OUTCOMES[state] ?? state;
      const isSent = state === 'sent';
      const staffId = (isSent && channel === 'wecom' && delivered.get(touch)?.staffId) || '';
      const why = isSent ? '' : `${reason} ${rule}`.trim();
      endings.push({ touch, outcome, channel, at: isSent ? minuteOf(at) : '', why, staffId });
    }
  }
  return endings;
}

const byTouch = (endings: readonly Ending[]): readonly Ending[] =>
  [...endings].sort((a, b) => (a.touch < b.touch ? -1 : 1));

const count = (isOne: (ending: Ending) => boolean): number => happened.filter(isOne).length;

describe('two calendars over the turn of a year', () => {
  it('do to each contact, at the same minute and for the same reason, what the preview said', () => {
    expect(byTouch(happened)).toEqual(byTouch(foretold));
  });

  it('let the offer of higher priority go first where both begin at the same minute', () => {
    const contactsOf = (slot: string, isOne: (ending: Ending) => boolean) =>
      happened
        .filter((ending) => ending.touch.startsWith(`${slot}/`) && isOne(ending))
        .map(({ touch }) => touch.split('/').at(-1));
    const isPassed = ({ outcome }: Ending) => outcome === 'passed';
    const isTooLate = ({ outcome }: Ending) => outcome === 'missed';
    const low = contactsOf('month/second/2090-12-30', isPassed);
    const high = 'festival/eve';

    expect(contactsOf(high, isPassed).length).toBeGreaterThan(10);
    expect(contactsOf(high, isTooLate).filter((contactId) => low.includes(contactId))).toEqual([]);
    expect(contactsOf(high, isPassed).filter((contactId) => low.includes(contactId))).toEqual([]);
    expect(count(({ why }) => why.startsWith('yields-to'))).toBeGreaterThan(0);
  });

  it('keep the dates of both years: the last day of one, and the first work day of the next', () => {
    const datesOf = (slot: string) => [
      ...new Set(
        happened
          .filter(({ touch }) => touch.startsWith(`${slot}/`))
          .map(({ touch }) => touch.split('/')[2]),
      ),
    ];
    expect(datesOf('month/last-day')).toEqual(['2090-12-31']);
    expect(datesOf('festival/holiday')).toEqual(['2091-01-01']);
    expect(datesOf('month/new-year')).toEqual(['2091-01-03']); // a Wednesday after two days of rest
  });

  it('meet with what may become of an offer', () => {
    const reasons = new Set(happened.map(({ why }) => why.split(' ')[0]));
    expect([...reasons].sort()).toEqual([
      ...['', 'consent', 'expired', 'holdout', 'quota', 'template', 'unreachable', 'yields-to'],
    ]);
    expect(count(({ outcome }) => outcome === 'passed')).toBeGreaterThan(300);
    expect(count(({ outcome }) => outcome === 'missed')).toBeGreaterThan(0);
  });
});
