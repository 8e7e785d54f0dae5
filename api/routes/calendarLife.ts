// What is done to a calendar: approved by another person, paused, resumed, ended. The life is kept first; its run and its waves follow.

import { z } from 'zod';
import { settleWaves } from '../../intake/calendarWaves';
import { CodedError, isCodedError } from '../../rules/base/errors';
import { UNDER_WAY, waveStateUnder } from '../../rules/calendar/hold';
import {
  type CalendarLife,
  type LifeAct,
  WAVES_AT_END,
  type WavesAtEnd,
} from '../../rules/calendar/life';
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
  [
    '暂停营销日历，进行中的波次一并暂停（需理由，留痕）',
    'Pause a sales calendar and hold its waves under way, for a reason that is kept',
  ],
  pauseLife,
);

export const resumeCalendar = changing(
  [
    '恢复营销日历及随其暂停的波次（需理由，留痕）',
    'Resume a sales calendar and the waves that its pause held, for a reason that is kept',
  ],
  resumeLife,
);

export const endCalendar = endpoint({
  summary: [
    '终止营销日历（不可恢复；进行中的波次完成或取消；需理由，留痕）',
    'End a sales calendar for good; its waves under way finish or are cancelled; for a reason that is kept',
  ],
  body: strict({ reason: reasonGiven, waves: z.enum(WAVES_AT_END).exactOptional() }),
  answer: answers.shownCalendar,
  async handle(exchange: Exchange<{ readonly reason: string; readonly waves?: WavesAtEnd }>) {
    const { reason, waves } = exchange.body;
    return await change(exchange, async (life, act) => {
      const next = endLife(life, { ...act, reason, waves: waves ?? 'finish' });
      if (waves === undefined) await assertNoneHeld(exchange.deps, life);
      return next;
    });
  },
});

function changing(
  summary: Endpoint['summary'],
  changed: (life: CalendarLife, act: Omit<LifeAct, 'kind'>) => CalendarLife,
): Endpoint {
  return endpoint({
    summary,
    body: strict({ reason: reasonGiven }),
    answer: answers.shownCalendar,
    handle: async (exchange: Exchange<{ readonly reason: string }>) =>
      await change(exchange, (life, act) =>
        changed(life, { ...act, reason: exchange.body.reason }),
      ),
  });
}

async function change(
  exchange: Exchange<unknown>,
  changed: (
    life: CalendarLife,
    act: Pick<LifeAct, 'by' | 'at'>,
  ) => CalendarLife | Promise<CalendarLife>,
) {
  const { deps, caller, params } = exchange;
  const calendar = await visibleCalendar(exchange, params.id ?? '');
  assertMayChange(caller, calendar);

  await keepLife(deps, await changed(calendar.life, { by: caller.name, at: nowIso(deps) }));

  return { body: calendarDetail(await visibleCalendar(exchange, calendar.id), nowIso(deps)) };
}

/** What somebody has stopped goes on only when that is asked for. @throws CodedError INVALID_INPUT while a pause holds waves */
async function assertNoneHeld({ stores }: ApiDeps, life: CalendarLife): Promise<void> {
  const { calendarId } = life;
  const held = UNDER_WAY.filter((state) => waveStateUnder(life, state) === 'held');
  const found = await Promise.all(
    held.map((state) => stores.waves.list({ calendarId, state, limit: 1 })),
  );
  const [wave] = found.flat();
  if (wave === undefined) return;

  const allowed = WAVES_AT_END.join(', ');
  const message = `the pause holds ${wave.waveId}: say what becomes of it; allowed: ${allowed}`;
  throw new CodedError('INVALID_INPUT', `waves: ${message}`, [{ path: 'waves', message, allowed }]);
}

/** @throws CodedError CONFLICT when somebody else changed it meanwhile */
async function keepLife(deps: ApiDeps, next: CalendarLife): Promise<void> {
  const { stores, engine, log } = deps;
  const { calendarId } = next;
  if (!(await stores.calendarLives.keep(next)))
    throw new CodedError(
      'CONFLICT',
      `${calendarId} was changed by somebody else meanwhile; look again, then ask again`,
    );

  try {
    await engine.calendarChanged(calendarId);
    await settleWaves(deps, calendarId);
  } catch (error) {
    // It is kept, and whoever tells calendars now and then will tell this one and its waves.
    if (!isCodedError(error) || error.code !== 'UNAVAILABLE') throw error;
    log.warn({ err: error, calendarId }, 'the run of a calendar and its waves are told later');
  }
}
