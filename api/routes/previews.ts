// Previews of calendars: what would become of every contact, rehearsed before anything is sent. Nothing is kept of the rehearsal.

import { z } from 'zod';
import type { PreviewFound, PreviewJob } from '../../ports/previews';
import { CodedError } from '../../rules/base/errors';
import { id as idText } from '../../rules/input/input.schema';
import { parseWith } from '../../rules/input/parse';
import { date, strict } from '../../rules/input/shape.schema';
import { parseDate } from '../../rules/time/civil';
import { dateText, localDate } from '../../rules/time/localDate';
import { calendarHolidayWords } from '../../rules/words/calendarHoliday';
import { previewSentence } from '../../rules/words/preview';
import { reasonWords } from '../../rules/words/reasons';
import * as answers from '../answers';
import {
  assertMayChange,
  assertReachIsOwn,
  nowIso,
  visibleCalendar,
  visibleVersion,
} from '../calendars';
import { type Exchange, endpoint } from '../exchange';
import { allows, scopeOf, unknown } from '../scope';
import { versionNumber } from './calendars';

/** Days of a preview when nobody says: this and the next 30. */
const DAYS = 31;
const MOST_DAYS = 93;
const MOST_ROWS = 1000;

const job = z.looseObject({
  id: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  calendarId: z.string(),
  version: z.int(),
  from: z.string(),
  to: z.string(),
  progress: z.object({
    read: z.int(),
    contacts: z.int(),
    waves: z.int(),
    ofWaves: z.int(),
  }),
  report: answers.anything.optional(),
  error: z.string().optional(),
});

export const startPreview = endpoint({
  summary: [
    '预演营销日历版本：逐客户推演每个波次（不发送、不落库；同一时间只运行一个）',
    'Preview a version of a sales calendar: its waves rehearsed contact by contact; nothing is sent or kept, one runs at a time',
  ],
  body: strict({ from: date.exactOptional(), to: date.exactOptional() }),
  answer: job,
  async handle(exchange) {
    const { deps, caller, params, body } = exchange;
    const version = parseWith(versionNumber, params.version, 'version');
    const calendar = await visibleCalendar(exchange, params.id ?? '');
    const { body: plan } = await visibleVersion(exchange, calendar.id, version);
    assertMayChange(caller, calendar);
    assertReachIsOwn(caller, calendar.id, plan);

    const today = localDate(nowIso(deps), plan.timezone);
    const span = spanAsked(body, today);
    const begun = deps.previews.start({
      ...{ calendarId: calendar.id, version, author: caller.name, ...span },
      ...(plan.cities && { cities: plan.cities }),
    });
    return { status: 202, body: begun, headers: { Location: `/api/v1/previews/${begun.id}` } };
  },
});

/** @throws CodedError INVALID_INPUT: it ends before it begins, or is too long */
function spanAsked(
  { from: given, to: end }: { readonly from?: string; readonly to?: string },
  today: string,
): { readonly from: string; readonly to: string } {
  const from = given ?? today;
  const to = end ?? dateText(parseDate(from) + DAYS - 1);
  const days = parseDate(to) - parseDate(from) + 1;
  if (days >= 1 && days <= MOST_DAYS) return { from, to };

  const latest = dateText(parseDate(from) + MOST_DAYS - 1);
  const allowed = `${from} to ${latest}: 1 to ${MOST_DAYS} days`;
  throw new CodedError('INVALID_INPUT', `to: ${to} is not allowed; allowed: ${allowed}`, [
    { path: 'to', message: 'not in reach of `from`', value: to, allowed },
  ]);
}

export const listPreviews = endpoint({
  summary: ['预演列表（新在前）', 'Previews of this server, newest first'],
  answer: answers.listOf(job),
  handle: ({ deps, caller }) => ({
    body: {
      items: deps.previews
        .list()
        .filter((preview) => maySee(caller, preview))
        .map(({ report: _, ...rest }) => rest),
    },
  }),
});

export const showPreview = endpoint({
  summary: ['预演进度与结果', 'How far a preview is, and at its end what it found'],
  answer: job,
  handle: (exchange) => ({ body: inWords(visiblePreview(exchange)) }),
});

export const cancelPreview = endpoint({
  summary: ['取消预演', 'Cancel a preview'],
  answer: job,
  handle(exchange) {
    const { id } = visiblePreview(exchange);
    exchange.deps.previews.cancel(id);
    return { body: inWords(visiblePreview(exchange)) };
  },
});

const touch = z.looseObject({
  slotId: z.string(),
  date: z.string(),
  contactId: z.string(),
  outcome: z.string(),
});

export const previewTouches = endpoint({
  summary: [
    '预演明细：每位客户在每个时段的结果（仅保留最近几次）',
    'What would become of each contact in each slot; of the latest previews only',
  ],
  query: strict({
    outcome: z.enum(['passed', 'suppressed', 'missed', 'handed-on']).exactOptional(),
    slotId: idText.exactOptional(),
    contactId: idText.exactOptional(),
    offset: z.coerce.number().int().min(0).exactOptional(),
    limit: z.coerce.number().int().min(1).max(MOST_ROWS).exactOptional(),
  }),
  answer: answers.listOf(touch),
  handle(exchange) {
    const { deps, caller, query } = exchange;
    const { offset = 0, limit = 100, ...filter } = query;
    const { id } = visiblePreview(exchange);
    const page = { ...filter, ...scopeOf(caller), offset, limit };
    const items = deps.previews.touches(id, page);
    if (items === null) throw unknown('preview', id);
    return { body: { items } };
  },
});

/** @throws CodedError NOT_FOUND */
function visiblePreview({ deps, caller, params }: Exchange): PreviewJob {
  const { id = '' } = params;
  const found = deps.previews.find(id);
  if (!found || !maySee(caller, found)) throw unknown('preview', id);
  return found;
}

/** Whose calendar reaches no city beyond the caller's. */
const maySee = (caller: Exchange['caller'], { cities }: PreviewJob): boolean =>
  caller.cities === undefined || cities?.every((city) => allows(caller, city)) === true;

const inWords = (job: PreviewJob): object => ({
  ...job,
  ...(job.report && { report: reportInWords(job.report) }),
});

const reportInWords = (report: PreviewFound): object => ({
  ...report,
  words: previewSentence(report),
  holidays: report.holidays.map((each) => ({ ...each, words: calendarHolidayWords(each) })),
  reasons: report.reasons.map((each) => ({
    ...each,
    words: {
      'zh-CN': reasonWords(each.reason, each.rule, 'zh-CN'),
      en: reasonWords(each.reason, each.rule, 'en'),
    },
  })),
});
