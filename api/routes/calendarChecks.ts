// A calendar before it is approved: what is wrong with it, whom it reaches, and what it changes, in words and in numbers.

import { z } from 'zod';
import { compareLoads, countAudiences, type Population } from '../../reports/calendar/counts';
import type {
  CalendarCountJob,
  CalendarCountReport,
  CalendarCounts,
} from '../../reports/calendar/jobs';
import { CodedError } from '../../rules/base/errors';
import { versionRef } from '../../rules/base/ids';
import { diffPlans } from '../../rules/calendar/diff';
import { versionAt } from '../../rules/calendar/life';
import { parseWith } from '../../rules/input/parse';
import { date, strict } from '../../rules/input/shape.schema';
import { parseDate } from '../../rules/time/civil';
import { dateText, localDate } from '../../rules/time/localDate';
import { planChangeWords } from '../../rules/words/calendarChange';
import * as answers from '../answers';
import { faultsOf, findingView, hintsOf, referencesOf, tablesNow } from '../calendarChecks';
import { type CalendarVersion, nowIso, visibleCalendar, visibleVersion } from '../calendars';
import { type Exchange, endpoint } from '../exchange';
import { allows, scopeOf, unknown } from '../scope';
import { wait } from '../wait';
import { versionNumber } from './calendars';

const job = z.looseObject({
  id: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  calendar: z.string(),
  progress: z.object({ read: z.int(), of: z.int() }),
  report: answers.anything.optional(),
  error: z.string().optional(),
});

export const validateCalendar = endpoint({
  summary: [
    '校验营销日历版本：错误、提醒及客群人数（人多时为后台任务，见 job）',
    'Check a version of a sales calendar: errors, warnings, and whom its slots reach; the count goes on as a job when there are many',
  ],
  answer: z.object({
    valid: z.boolean(),
    errors: z.array(answers.calendarFinding),
    warnings: z.array(answers.calendarFinding),
    job,
  }),
  async handle(exchange) {
    const version = await askedVersion(exchange);
    const { deps } = exchange;
    const errors = await faultsOf(deps.stores, version, nowIso(deps));
    const hints = await hintsOf(deps.stores, version, nowIso(deps));
    const counted = await countAudience(exchange, version);
    const found = counted.report?.kind === 'audience' ? counted.report.hints : [];

    return {
      body: {
        valid: errors.length === 0,
        errors: errors.map(findingView),
        warnings: [...hints, ...found].map(findingView),
        job: jobView(counted),
      },
    };
  },
});

async function countAudience(
  { deps, caller }: Exchange,
  version: CalendarVersion,
): Promise<CalendarCountJob> {
  const population = populationOf({ deps, caller });
  const { templates, catalogue } = await referencesOf(deps.stores, version.body);
  const sources = { templates, catalogue: catalogue ?? { products: [], migrations: [] } };
  const about = aboutOf(caller, version);

  const started = deps.calendarCounts.start(about, async (means) => ({
    kind: 'audience',
    hints: await countAudiences(version.body, sources, population, means),
  }));
  return await endedSoon(deps.calendarCounts, started);
}

const against = versionNumber.exactOptional();

export const diffCalendar = endpoint({
  summary: [
    '营销日历两个版本的差异（中英文逐条说明；缺省与生效版本比较）',
    'What a version of a sales calendar changes, in words; against another version, or else the one in force',
  ],
  query: strict({ against }),
  answer: z.object({
    before: z.string().nullable(),
    after: z.string(),
    items: z.array(answers.calendarChange),
  }),
  async handle(exchange) {
    const { before, after } = await comparedVersions(exchange, exchange.query.against);
    return { body: changesBetween(before, after) };
  },
});

const MOST_DAYS = 366;
const DEFAULT_DAYS = 31;

export const compareCalendar = endpoint({
  summary: [
    '营销日历两个版本的差异：文字与按日的触达数、客户数、员工任务数（人多时为后台任务）',
    'What a version changes, in words and in numbers by day: occurrences, contacts, confirmations by staff; a job when there are many',
  ],
  body: strict({
    against: z.int().min(1).exactOptional(),
    from: date.exactOptional(),
    to: date.exactOptional(),
  }),
  answer: z.object({
    before: z.string().nullable(),
    after: z.string(),
    items: z.array(answers.calendarChange),
    from: z.string(),
    to: z.string(),
    job,
  }),
  async handle(exchange) {
    const { deps, caller, body } = exchange;
    const { before, after } = await comparedVersions(exchange, body.against);
    const { from, to } = daysOf(body, localDate(nowIso(deps), after.body.timezone));
    const tables = await tablesNow(deps.stores);
    const plans = { before: before?.body ?? null, after: after.body };
    const population = populationOf(exchange);

    const about = { ...aboutOf(caller, after), ...{ from, to } };
    const compared = before ? { ...about, against: versionRef(before.id, before.version) } : about;
    const started = deps.calendarCounts.start(compared, async (means) => ({
      kind: 'load',
      ...(await compareLoads({ ...plans, tables, from, to }, population, means)),
    }));
    const counted = await endedSoon(deps.calendarCounts, started);

    return {
      status: counted.state === 'running' ? 202 : 200,
      body: { ...changesBetween(before, after), from, to, job: jobView(counted) },
      headers: { Location: `/api/v1/calendar-counts/${counted.id}` },
    };
  },
});

/** From today on, unless it is said otherwise. @throws CodedError INVALID_INPUT */
function daysOf(
  asked: { readonly from?: string; readonly to?: string },
  today: string,
): { readonly from: string; readonly to: string } {
  const from = asked.from ?? today;
  const to = asked.to ?? dateText(parseDate(from) + DEFAULT_DAYS - 1);
  const days = parseDate(to) - parseDate(from) + 1;
  if (days >= 1 && days <= MOST_DAYS) return { from, to };

  const allowed = `a date from ${from} on, within ${MOST_DAYS} days`;
  const message = `${to} is not allowed; allowed: ${allowed}`;
  throw new CodedError('INVALID_INPUT', `to: ${message}`, [
    { path: 'to', message, value: to, allowed },
  ]);
}

const askedVersion = (exchange: Exchange): Promise<CalendarVersion> =>
  visibleVersion(
    exchange,
    exchange.params.id ?? '',
    parseWith(versionNumber, exchange.params.version, 'version'),
  );

/** Nothing in force: everything is new. */
async function comparedVersions(exchange: Exchange, against: number | undefined) {
  const after = await askedVersion(exchange);
  if (against !== undefined)
    return { before: await visibleVersion(exchange, after.id, against), after };

  const { life, counting } = await visibleCalendar(exchange, after.id);
  const inForce = versionAt(life, nowIso(exchange.deps));
  return { before: counting.find(({ version }) => version === inForce) ?? null, after };
}

function changesBetween(before: CalendarVersion | null, after: CalendarVersion): object {
  const empty = { ...after.body, phases: [], slots: [] };
  const items = diffPlans(before?.body ?? empty, after.body).map((change) => ({
    ...change,
    words: planChangeWords(change),
  }));

  return {
    before: before && versionRef(before.id, before.version),
    after: versionRef(after.id, after.version),
    items,
  };
}

const populationOf = ({ deps, caller }: Pick<Exchange, 'deps' | 'caller'>): Population => ({
  contacts: deps.stores.contacts,
  scope: scopeOf(caller),
});

const aboutOf = ({ name, cities }: Exchange['caller'], { id, version }: CalendarVersion) => ({
  calendar: versionRef(id, version),
  author: name,
  ...(cities && { cities }),
});

/** A count of few contacts is over before anybody would ask for it. */
const SOON_MS = 3000;

async function endedSoon(
  counts: CalendarCounts,
  started: CalendarCountJob,
): Promise<CalendarCountJob> {
  const over = new AbortController();
  await Promise.race([counts.ended(started.id), wait(SOON_MS, over.signal)]);
  over.abort();

  return counts.find(started.id) ?? started;
}

export const listCounts = endpoint({
  summary: ['营销日历统计任务（新在前）', 'Counts of sales calendars on this server, newest first'],
  answer: answers.listOf(job),
  handle: ({ deps, caller }) => ({
    body: {
      items: deps.calendarCounts
        .list()
        .filter((counted) => maySee(caller, counted))
        .map(({ report: _, ...rest }) => rest),
    },
  }),
});

export const showCount = endpoint({
  summary: ['营销日历统计任务的进度与结果', 'How far a count is, and at its end what it found'],
  answer: job,
  handle: (exchange) => ({ body: jobView(visibleCount(exchange)) }),
});

export const cancelCount = endpoint({
  summary: ['取消营销日历统计任务', 'Cancel a count'],
  answer: job,
  handle(exchange) {
    const { id } = visibleCount(exchange);
    exchange.deps.calendarCounts.cancel(id);
    return { body: jobView(visibleCount(exchange)) };
  },
});

/** @throws CodedError NOT_FOUND */
function visibleCount({ deps, caller, params }: Exchange): CalendarCountJob {
  const id = params.id ?? '';
  const counted = deps.calendarCounts.find(id);
  if (!counted || !maySee(caller, counted)) throw unknown('calendar count', id);
  return counted;
}

const maySee = (caller: Exchange['caller'], { cities }: CalendarCountJob): boolean =>
  caller.cities === undefined || cities?.every((city) => allows(caller, city)) === true;

const jobView = ({ report, ...rest }: CalendarCountJob): object => ({
  ...rest,
  ...(report && { report: reportView(report) }),
});

const reportView = (report: CalendarCountReport): object =>
  report.kind === 'load' ? report : { kind: report.kind, warnings: report.hints.map(findingView) };
