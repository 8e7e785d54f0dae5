// Sales calendars: drafted as versions, shown with the version in force, copied into another month.

import { z } from 'zod';
import type { Caller } from '../../ports/auth';
import { versionRef } from '../../rules/base/ids';
import { copyPlan } from '../../rules/calendar/copy';
import { versionAt } from '../../rules/calendar/life';
import { newLife } from '../../rules/calendar/lifeChanges';
import type { CalendarPlan } from '../../rules/calendar/plan';
import { calendarBody, readPlan } from '../../rules/calendar/plan.schema';
import { id } from '../../rules/input/input.schema';
import { parseWith } from '../../rules/input/parse';
import { strict } from '../../rules/input/shape.schema';
import * as answers from '../answers';
import {
  assertMayChange,
  assertReachIsOwn,
  type CalendarVersion,
  calendarDetail,
  calendarView,
  knownCalendar,
  nowIso,
  reaches,
  sees,
  versionView,
  visibleCalendar,
  visibleVersion,
} from '../calendars';
import type { ApiDeps } from '../deps';
import { endpoint } from '../exchange';
import { jsonOf } from '../middleware/body';

export const versionNumber = z.coerce.number().int().min(1);

export const draftCalendar = endpoint({
  summary: ['新建营销日历草稿（每次保存为一个新版本）', 'Draft a version of a sales calendar'],
  body: strict({ id, body: calendarBody }),
  // The nulls in conditions are values, so the body is read here.
  rows: true,
  answer: answers.calendarVersion,
  async handle({ raw, deps, caller }) {
    const asked = strict({ id, body: z.unknown() });
    const { id: name, body } = parseWith(asked, jsonOf(raw), '', ['body']);
    const version = await keepDraft(deps, caller, readPlan(body, name, 'body'));

    return { status: 201, body: versionView(newLife(name), version) };
  },
});

/** Both what is kept and what is there may reach only the caller's cities. @throws CodedError FORBIDDEN */
async function keepDraft(
  deps: ApiDeps,
  caller: Caller,
  plan: CalendarPlan,
): Promise<CalendarVersion> {
  const { calendars } = deps.stores;
  assertReachIsOwn(caller, plan.id, plan);
  const [newest] = await calendars.versions(plan.id);
  if (newest) assertMayChange(caller, await knownCalendar(deps, newest));

  return await calendars.draft(plan.id, plan, caller.name, nowIso(deps));
}

export const listCalendars = endpoint({
  summary: [
    '营销日历列表：状态与生效版本',
    'Every sales calendar with its state and version in force',
  ],
  answer: answers.listOf(answers.shownCalendar),
  async handle({ deps, caller }) {
    const newest = await deps.stores.calendars.list();
    const calendars = await Promise.all(newest.map((version) => knownCalendar(deps, version)));
    const at = nowIso(deps);

    return {
      body: {
        items: calendars
          .filter((calendar) => sees(caller, calendar))
          .map((calendar) => calendarView(calendar, at)),
      },
    };
  },
});

export const showCalendar = endpoint({
  summary: [
    '营销日历：状态、生效版本、审批与暂停记录',
    'A sales calendar: its state, the version in force, its approvals and what was done to it',
  ],
  answer: answers.shownCalendar,
  async handle(exchange) {
    const calendar = await visibleCalendar(exchange, exchange.params.id ?? '');
    return { body: calendarDetail(calendar, nowIso(exchange.deps)) };
  },
});

export const listCalendarVersions = endpoint({
  summary: ['营销日历的全部版本（新在前）', 'Versions of a sales calendar, newest first'],
  answer: answers.listOf(answers.calendarVersion),
  async handle(exchange) {
    const { deps, caller, params } = exchange;
    const { id: name, life } = await visibleCalendar(exchange, params.id ?? '');
    const all = await deps.stores.calendars.versions(name);
    const visible = all.filter(({ body }) => reaches(caller, body));

    return { body: { items: visible.map((version) => versionView(life, version)) } };
  },
});

export const showCalendarVersion = endpoint({
  summary: ['营销日历的某个版本', 'One version of a sales calendar'],
  answer: answers.calendarVersion,
  async handle(exchange) {
    const { deps, params } = exchange;
    const name = params.id ?? '';
    const number = parseWith(versionNumber, params.version, 'version');
    const found = await visibleVersion(exchange, name, number);
    const life = (await deps.stores.calendarLives.find(name)) ?? newLife(name);

    return { body: versionView(life, found) };
  },
});

const asked = strict({
  /** Absent: the one in force, or the newest while none is. */
  version: z.int().min(1).exactOptional(),
  /** Of the copy; absent: a new version of the same calendar. */
  id: id.exactOptional(),
  /** Into which the earliest date moves; absent: everything moves by one month. */
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'a month YYYY-MM')
    .exactOptional(),
});

export const copyCalendar = endpoint({
  summary: [
    '复制营销日历（指定日期随月份移动，其余照旧），生成新草稿',
    'Copy a sales calendar into another month: slots of one date move, a new draft is kept',
  ],
  body: asked,
  answer: answers.calendarVersion,
  async handle(exchange) {
    const { deps, caller, params, body } = exchange;
    const { life, counting, id: name } = await visibleCalendar(exchange, params.id ?? '');
    const number = body.version ?? versionAt(life, nowIso(deps)) ?? counting[0]?.version ?? 0;
    const original = await visibleVersion(exchange, name, number);

    const { plan, moved } = copyPlan(original.body, body.month ?? 1);
    const copied = await keepDraft(deps, caller, { ...plan, id: body.id ?? name });

    return {
      status: 201,
      body: {
        ...versionView(newLife(copied.id), copied),
        copiedFrom: versionRef(name, number),
        moved,
      },
    };
  },
});
