// What is done to a calendar: approved by another person, paused, resumed, ended. The life is kept first; its run is told afterwards.

import { CodedError, isCodedError } from '../../rules/base/errors';
import type { CalendarLife, LifeAct } from '../../rules/calendar/life';
import { approve, endLife, pauseLife, resumeLife } from '../../rules/calendar/lifeChanges';
import { reasonGiven, utc } from '../../rules/input/input.schema';
import { parseWith } from '../../rules/input/parse';
import { strict } from '../../rules/input/shape.schema';
import * as answers from '../answers';
import { assertFaultless } from '../calendarChecks';
import {
  assertMayChange,
  assertReachIsOwn,
  calendarDetail,
  nowIso,
  visibleCalendar,
  visibleVersion,
} from '../calendars';
import type { ApiDeps } from '../deps';
import { type Endpoint, type Exchange, endpoint } from '../exchange';
import { versionNumber } from './calendars';

export const approveVersion = endpoint({
  summary: [
    '审批营销日历版本（须非作者；到指定时间接替，缺省立即）',
    'Approve a version of a sales calendar; it takes over at an instant, or at once',
  ],
  body: strict({ from: utc.exactOptional(), reason: reasonGiven.exactOptional() }),
  answer: answers.shownCalendar,
  async handle(exchange) {
    const { deps, caller, params, body } = exchange;
    const number = parseWith(versionNumber, params.version, 'version');
    const calendar = await visibleCalendar(exchange, params.id ?? '');
    const asked = await visibleVersion(exchange, calendar.id, number);
    assertMayChange(caller, calendar);
    assertReachIsOwn(caller, calendar.id, asked.body);

    const { author } = asked;
    const approval = { version: number, author, approvedBy: caller.name, at: nowIso(deps) };
    const next = approve(calendar.life, { ...approval, ...body });
    await assertFaultless(deps.stores, asked, body.from ?? approval.at);
    await keepLife(deps, next);

    return { body: calendarDetail(await visibleCalendar(exchange, calendar.id), nowIso(deps)) };
  },
});

export const pauseCalendar = changing(
  ['暂停营销日历（需理由，留痕）', 'Pause a sales calendar, for a reason that is kept'],
  pauseLife,
);

export const resumeCalendar = changing(
  ['恢复营销日历（需理由，留痕）', 'Resume a sales calendar, for a reason that is kept'],
  resumeLife,
);

export const endCalendar = changing(
  [
    '终止营销日历（不可恢复；需理由，留痕）',
    'End a sales calendar for good, for a reason that is kept',
  ],
  endLife,
);

function changing(
  summary: Endpoint['summary'],
  change: (life: CalendarLife, act: Omit<LifeAct, 'kind'>) => CalendarLife,
): Endpoint {
  return endpoint({
    summary,
    body: strict({ reason: reasonGiven }),
    answer: answers.shownCalendar,
    async handle(exchange: Exchange<{ readonly reason: string }>) {
      const { deps, caller, params, body } = exchange;
      const calendar = await visibleCalendar(exchange, params.id ?? '');
      assertMayChange(caller, calendar);

      const act = { by: caller.name, at: nowIso(deps), reason: body.reason };
      await keepLife(deps, change(calendar.life, act));

      return { body: calendarDetail(await visibleCalendar(exchange, calendar.id), nowIso(deps)) };
    },
  });
}

/** @throws CodedError CONFLICT when somebody else changed it meanwhile */
async function keepLife({ stores, engine, log }: ApiDeps, next: CalendarLife): Promise<void> {
  const { calendarId } = next;
  if (!(await stores.calendarLives.keep(next)))
    throw new CodedError(
      'CONFLICT',
      `${calendarId} was changed by somebody else meanwhile; look again, then ask again`,
    );

  try {
    await engine.calendarChanged(calendarId);
  } catch (error) {
    // It is kept, and whoever tells calendars now and then will tell this one.
    if (!isCodedError(error) || error.code !== 'UNAVAILABLE') throw error;
    log.warn({ err: error, calendarId }, 'the run of a calendar is told later');
  }
}
