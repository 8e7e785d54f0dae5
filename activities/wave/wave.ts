// A wave as its activities see it: the record, the slot of the version that it began with, and how long its offers live.

import type { WaveContact, WaveRecord } from '../../ports/waves';
import { CodedError } from '../../rules/base/errors';
import { parseVersionRef, referredId, versionRef, waveTouchId } from '../../rules/base/ids';
import { expiryOf } from '../../rules/calendar/agenda';
import { pickedForSlot } from '../../rules/calendar/pickedForSlot';
import {
  type CalendarPlan,
  type CalendarTables,
  type PlannedSlot,
  planDatesOf,
} from '../../rules/calendar/plan';
import { type WaveInput, waveId } from '../../rules/calendar/wave';
import { marksOf } from '../../rules/contact/marks';
import { MINUTE_MS } from '../../rules/time/durations';
import { formatInstant } from '../../rules/time/instant';
import { calendarTables } from '../calendarTables';
import type { TouchRequest } from '../touch/asked';
import type { TouchContext } from '../touch/path';
import { underCalendar } from './underCalendar';

export interface WaveContext extends TouchContext {
  readonly wave: WaveRecord;
  readonly plan: CalendarPlan;
  readonly slot: PlannedSlot;
  readonly tables: CalendarTables;
}

/**
 * The wave, which begins when it is first asked for; one whose every offer has expired by then is missed.
 * @throws CodedError NOT_FOUND: no such slot; UNAVAILABLE: its text is not published, and the wave waits for it
 */
export async function openWave(context: TouchContext, input: WaveInput): Promise<WaveContext> {
  const { stores, clock } = context.deps;
  const known = await stores.waves.find(waveId(input));
  const opened = await withSlot(context, known ?? input);
  if (known) return { ...opened, wave: await underCalendar(context, known) };

  const { plan, slot } = opened;
  const { calendarId, calendarVersion, slotId, date } = input;
  const now = clock.now();
  const isMissed = endOf(opened, date) <= now;
  const template = await pinned(context, slot);

  const wave = await stores.waves.open({
    waveId: waveId(input),
    ...{ calendarId, calendarVersion, slotId, date },
    startedAt: formatInstant(now),
    ...(isMissed
      ? { state: 'missed', endedAt: formatInstant(now), isWalked: true }
      : { state: 'running', isWalked: false }),
    ...(plan.cities && { cities: plan.cities }),
    ...(template !== undefined && { template }),
  });
  return { ...opened, wave: await underCalendar(context, wave) };
}

/** Of a wave that has begun. */
export const reopenWave = async (
  context: TouchContext,
  wave: WaveRecord,
): Promise<WaveContext> => ({
  ...(await withSlot(context, wave)),
  wave,
});

async function withSlot(
  context: TouchContext,
  { calendarId, calendarVersion, slotId }: Omit<WaveInput, 'version'>,
): Promise<Omit<WaveContext, 'wave'>> {
  const { stores } = context.deps;
  const found = await stores.calendars.find(calendarId, calendarVersion);
  const plan = found && { ...found.body, id: calendarId, version: calendarVersion };
  const slot = plan?.slots.find(({ id }) => id === slotId);
  if (plan && slot) return { ...context, plan, slot, tables: await calendarTables(stores) };

  throw new CodedError(
    'NOT_FOUND',
    `calendar ${versionRef(calendarId, calendarVersion)} has no slot ${slotId}`,
  );
}

/** Milliseconds: when the last offer of the date expires; nobody can be due on it: never. */
function endOf({ plan, slot, tables }: Omit<WaveContext, 'wave'>, date: string): number {
  const { dates = [] } =
    planDatesOf(plan, tables, date, date).find((planned) => planned.slot.id === slot.id) ?? {};
  const last = dates.at(-1)?.at;
  if (last === undefined) return Number.POSITIVE_INFINITY;

  return expiryOf(slot, last + (slot.spreadMinutes ?? 0) * MINUTE_MS);
}

/** One text for the whole wave, however long it takes. */
async function pinned(
  { deps }: TouchContext,
  { touch: { template }, delivery }: PlannedSlot,
): Promise<string | undefined> {
  if (template === undefined || parseVersionRef(template) || delivery?.journey) return template;

  const current = await deps.stores.templates.current(template);
  if (current) return versionRef(template, current.version);
  throw new CodedError('UNAVAILABLE', `template "${template}" is not published: the wave waits`);
}

/** ISO. */
export const expiresAtOf = (slot: PlannedSlot, { plannedAt }: WaveContact): string =>
  formatInstant(expiryOf(slot, Date.parse(plannedAt)));

/** The touch of a contact on the channel that it has come to: on each further channel it is a touch of its own. */
export function requestOf({ wave, slot }: WaveContext, contact: WaveContact): TouchRequest {
  const { contactId, attempt, channel, staffId } = contact;
  const { class: touchClass, category, campaign } = slot.touch;
  const product = slot.touch.product && referredId(slot.touch.product);
  const { calendarId: calendar, slotId, date } = wave;
  const first = waveTouchId(calendar, slotId, date, contactId);
  const { confirmWithinHours } = slot.delivery ?? {};
  const picked = pickedForSlot(slot);

  return {
    touchId: channel === slot.touch.channel ? first : `${first}/${channel}`,
    ...{ contactId, attempt, channel, class: touchClass },
    ...marksOf({ category, campaign, product, staffId }),
    template: wave.template ?? '',
    expiresAt: expiresAtOf(slot, contact),
    ...(confirmWithinHours !== undefined && { confirmWithinHours }),
    // The wave is told of nothing, so that its workflow stands for all its runs.
    origin: {
      ...{ kind: 'wave', calendar, slot: slotId, date, workflowId: wave.waveId, runId: '' },
      ...(picked !== undefined && { pickedBy: picked }),
    },
  };
}
