// A calendar in force: sleeps to the next slot and starts its wave, month after month, until somebody ends the calendar.

import type { Agenda } from '../../activities/contract';
import type { AgendaEntry } from '../../rules/calendar/agenda';
import { type WaveInput, waveId } from '../../rules/calendar/wave';
import type { CalendarInput, JourneyResult } from '../../rules/journey/messages';
import { renderAgenda } from '../../rules/words/agenda';
import { isLong } from '../kit/history';
import { now } from '../kit/now';
import { calendarAgenda } from '../kit/proxies';
import {
  condition,
  continueAsNew,
  defineSignal,
  setCurrentDetails,
  setHandler,
  startChild,
  WorkflowExecutionAlreadyStartedError,
} from '../kit/temporal';

/** Something of its life was changed: approved, paused, resumed, ended. */
const calendarChanged = defineSignal('calendarChanged');

/** Where the flow stands. */
interface Standing {
  /** ISO: all waves that start up to it are started. */
  after: string | undefined;
  /** The life of the calendar has changed since it was last read. */
  isChanged: boolean;
}

export async function calendar(input: CalendarInput): Promise<JourneyResult> {
  const { calendarId } = input;
  const standing: Standing = { after: input.after, isChanged: false };
  setHandler(calendarChanged, () => {
    standing.isChanged = true;
  });

  for (;;) {
    standing.isChanged = false;
    const agenda = await readAgenda(calendarId, standing);
    if (agenda.state === 'ended' || agenda.state === 'none') return { outcome: agenda.state };

    if (agenda.state === 'paused') await condition(() => standing.isChanged);
    else await startInTime(agenda, standing);

    if (isLong())
      await continueAsNew<typeof calendar>({
        ...{ version: 1, calendarId },
        ...(standing.after !== undefined && { after: standing.after }),
      });
  }
}

async function readAgenda(calendarId: string, { after }: Standing): Promise<Agenda> {
  const agenda = await calendarAgenda({ calendarId, ...(after !== undefined && { after }) });
  setCurrentDetails(renderAgenda(calendarId, agenda));
  return agenda;
}

/** Starts what is due at its instant. A change of the calendar ends the wait: what comes after is asked for anew. */
async function startInTime({ entries, until }: Agenda, standing: Standing): Promise<void> {
  for (const together of byInstant(entries)) {
    const [{ startsAt }] = together;
    if (!(await sleptUntil(startsAt, standing))) return;

    for (const entry of together) await startWave(entry);
    standing.after = startsAt;
  }

  if (await sleptUntil(until, standing)) standing.after = until;
}

type Together = readonly [AgendaEntry, ...AgendaEntry[]];

/** None of those that start together is left behind when the flow is interrupted. */
function byInstant(entries: readonly AgendaEntry[]): readonly Together[] {
  const instants = new Map<string, Together>();
  for (const entry of entries)
    instants.set(entry.startsAt, [...(instants.get(entry.startsAt) ?? []), entry] as Together);

  return [...instants.values()];
}

/** False: the calendar was changed before. */
async function sleptUntil(instant: string, standing: Standing): Promise<boolean> {
  const ms = Date.parse(instant) - now();
  if (ms > 0) await condition(() => standing.isChanged, ms);
  return !standing.isChanged;
}

/** The wave outlives this history. One of the same slot and date that has begun before is left alone. */
async function startWave(entry: AgendaEntry): Promise<void> {
  const { calendarId, calendarVersion, slotId, date } = entry;
  const input: WaveInput = { version: 1, calendarId, calendarVersion, slotId, date };

  try {
    await startChild('wave', {
      workflowId: waveId(entry),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      parentClosePolicy: 'ABANDON',
      args: [input],
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
