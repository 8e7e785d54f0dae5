// Triggers of cities: drafted as versions, shown with what fires and what became of it, asked about an event, and disabled.

import { z } from 'zod';
import type { OpportunityCount } from '../../ports/opportunities';
import { opportunityId } from '../../rules/base/ids';
import { foreignId, id, reasonGiven, utc } from '../../rules/input/input.schema';
import { parseWith } from '../../rules/input/parse';
import { strict } from '../../rules/input/shape.schema';
import { DAY_MS } from '../../rules/time/durations';
import { formatInstant } from '../../rules/time/instant';
import { localDate } from '../../rules/time/localDate';
import { disableTrigger, newTriggerLife } from '../../rules/trigger/life';
import { readTrigger, triggerBody } from '../../rules/trigger/trigger.schema';
import { triggerAnswerWords } from '../../rules/words/triggerAnswer';
import { triggerRuleWords } from '../../rules/words/triggerRule';
import * as answers from '../answers';
import { nowIso } from '../calendars';
import type { ApiDeps } from '../deps';
import { type Exchange, endpoint } from '../exchange';
import { jsonOf } from '../middleware/body';
import { pageQuery } from '../paging';
import { scopeOf } from '../scope';
import { explainTrigger } from '../triggerExplained';
import {
  assertMayWrite,
  counting,
  faultsOfTrigger,
  issueOfTrigger,
  type KnownTrigger,
  keepTriggerLife,
  knownTrigger,
  seesTrigger,
  triggerVersionView,
  visibleTrigger,
  visibleTriggerVersion,
} from '../triggers';
import { versionNumber } from './calendars';

const DAYS_COUNTED = 7;

const words = z.object({ 'zh-CN': z.string(), en: z.string() });
const version = z.looseObject({
  id: z.string(),
  version: z.int(),
  state: z.enum(['draft', 'enabled']),
  author: z.string(),
  at: z.string(),
  body: answers.anything,
  words,
});
const shown = z.looseObject({
  id: z.string(),
  city: z.string(),
  name: z.string().optional(),
  newest: z.int(),
  enabled: z.int().nullable(),
  days: z.array(z.object({ date: z.string(), outcomes: z.record(z.string(), z.int()) })),
});

export const draftTrigger = endpoint({
  summary: ['新建商机规则草稿（每次保存为一个新版本）', 'Draft a version of a trigger'],
  body: strict({ id, body: triggerBody }),
  // The nulls in conditions are values, so the body is read here.
  rows: true,
  answer: version,
  async handle({ raw, deps, caller }) {
    const asked = strict({ id, body: z.unknown() });
    const { id: name, body: given } = parseWith(asked, jsonOf(raw), '', ['body']);
    const body = readTrigger(given, 'body');
    assertMayWrite(caller, name, body);

    const { triggers } = deps.stores;
    const [newest] = await triggers.versions(name);
    const known = newest && (await knownTrigger(deps.stores, newest));
    if (known) assertMayChange({ caller }, known);

    const draft = await triggers.draft(name, body, caller.name, nowIso(deps));
    return { status: 201, body: triggerVersionView(known?.life ?? newTriggerLife(name), draft) };
  },
});

/** Of everything that counts of it. */
function assertMayChange(
  { caller }: Pick<Exchange, 'caller'>,
  { newest, enabled }: KnownTrigger,
): void {
  for (const each of [newest, enabled]) if (each) assertMayWrite(caller, each.id, each.body);
}

export const listTriggers = endpoint({
  summary: [
    '商机规则列表：生效版本与近七日各结果次数',
    'Triggers with the version that fires and what became of them in the last seven days',
  ],
  query: strict({ city: id.exactOptional() }),
  answer: answers.listOf(shown),
  async handle({ deps, caller, query }) {
    const newest = await deps.stores.triggers.list();
    const known = await Promise.all(newest.map((each) => knownTrigger(deps.stores, each)));
    const visible = known.filter((each) => {
      const { body } = counting(each);
      return seesTrigger(caller, body) && (query.city === undefined || body.city === query.city);
    });
    const counts = await countsOf({ deps, caller });

    return { body: { items: visible.map((each) => triggerView(each, counts)) } };
  },
});

export const showTrigger = endpoint({
  summary: [
    '商机规则：生效版本、启停记录与近七日各结果次数',
    'A trigger: the version that fires, who had it so, and what became of it',
  ],
  answer: shown,
  async handle(exchange) {
    const known = await visibleTrigger(exchange, exchange.params.id ?? '');
    return { body: await detailOf(exchange, known) };
  },
});

async function detailOf(
  exchange: Pick<Exchange, 'deps' | 'caller'>,
  known: KnownTrigger,
): Promise<object> {
  const { newest, life } = known;
  const counts = await countsOf(exchange, newest.id);
  return {
    ...triggerView(known, counts),
    acts: life.acts,
    version: triggerVersionView(life, counting(known)),
  };
}

async function countsOf(
  { deps, caller }: Pick<Exchange, 'deps' | 'caller'>,
  triggerId?: string,
): Promise<readonly OpportunityCount[]> {
  const now = deps.clock.now();
  const dates = {
    from: localDate(formatInstant(now - (DAYS_COUNTED - 1) * DAY_MS), deps.timezone),
    to: localDate(formatInstant(now), deps.timezone),
  };
  const of = triggerId === undefined ? {} : { triggerId };
  return await deps.stores.opportunities.counts({ ...dates, ...scopeOf(caller), ...of });
}

function triggerView(known: KnownTrigger, counts: readonly OpportunityCount[]): object {
  const { newest, enabled } = known;
  const { body } = counting(known);
  return {
    id: newest.id,
    city: body.city,
    ...(body.name !== undefined && { name: body.name }),
    newest: newest.version,
    enabled: enabled?.version ?? null,
    days: daysOf(counts.filter(({ triggerId }) => triggerId === newest.id)),
  };
}

/** Cities together. */
function daysOf(counts: readonly OpportunityCount[]): readonly object[] {
  const dates = [...new Set(counts.map(({ date }) => date))].sort();
  return dates.map((date) => {
    const outcomes: Record<string, number> = {};
    for (const { outcome, count } of counts.filter((each) => each.date === date))
      outcomes[outcome] = (outcomes[outcome] ?? 0) + count;
    return { date, outcomes };
  });
}

export const listTriggerVersions = endpoint({
  summary: ['商机规则的全部版本（新在前）', 'Versions of a trigger, newest first'],
  answer: answers.listOf(version),
  async handle(exchange) {
    const { deps, caller, params } = exchange;
    const { life, newest } = await visibleTrigger(exchange, params.id ?? '');
    const all = await deps.stores.triggers.versions(newest.id);
    const visible = all.filter(({ body }) => seesTrigger(caller, body));
    return { body: { items: visible.map((each) => triggerVersionView(life, each)) } };
  },
});

export const showTriggerVersion = endpoint({
  summary: ['商机规则的某个版本', 'One version of a trigger'],
  answer: version,
  async handle(exchange) {
    const { deps, params } = exchange;
    const number = parseWith(versionNumber, params.version, 'version');
    const found = await visibleTriggerVersion(exchange, params.id ?? '', number);
    const life = (await deps.stores.triggerLives.find(found.id)) ?? newTriggerLife(found.id);
    return { body: triggerVersionView(life, found) };
  },
});

export const validateTrigger = endpoint({
  summary: [
    '校验商机规则（不保存）：引用、护栏与条件',
    'Check a trigger: references, guard-rails and its condition; nothing is kept',
  ],
  body: strict({ id, body: triggerBody }),
  rows: true,
  answer: z.object({ valid: z.boolean(), issues: z.array(answers.issue), words }),
  async handle({ raw, deps }) {
    const asked = strict({ id, body: z.unknown() });
    const { body: given } = parseWith(asked, jsonOf(raw), '', ['body']);
    const body = readTrigger(given, 'body');
    const issues = (await faultsOfTrigger(deps.stores, body)).map(issueOfTrigger);
    return { body: { valid: issues.length === 0, issues, words: triggerRuleWords(body) } };
  },
});

export const disable = endpoint({
  summary: [
    '停用商机规则（需理由，留痕；已发起的旅程继续）',
    'Disable a trigger, for a reason that is kept; runs that it has begun go on',
  ],
  body: strict({ reason: reasonGiven }),
  answer: shown,
  async handle(exchange: Exchange<{ readonly reason: string }>) {
    const { deps, caller, params, body } = exchange;
    const known = await visibleTrigger(exchange, params.id ?? '');
    assertMayChange(exchange, known);

    const act = { by: caller.name, at: nowIso(deps), ...body };
    await keepTriggerLife(deps, disableTrigger(known.life, act));
    return { body: await detailOf(exchange, await visibleTrigger(exchange, known.newest.id)) };
  },
});

const event = strict({
  eventId: id.exactOptional(),
  contactId: id,
  occurredAt: utc.exactOptional(),
  receivedAt: utc.exactOptional(),
  data: z.record(z.string(), z.unknown()).default({}),
});

export const explain = endpoint({
  summary: [
    '试问商机规则：某事件会不会触发、为什么（不触发、不记录）',
    'Ask whether an event would fire a trigger, and why; nothing fires and nothing is kept',
  ],
  /** `eventId` alone of a stored event names it; otherwise `event` says what happened. */
  body: strict({
    version: z.int().min(1).exactOptional(),
    eventId: z.string().min(1).max(200).exactOptional(),
    event: event.exactOptional(),
  }),
  answer: z.looseObject({
    outcome: z.string(),
    words,
    tested: z.array(z.looseObject({ triggerId: z.string(), outcome: z.string() })),
  }),
  async handle(exchange) {
    return { body: await explainTrigger(exchange, exchange.params.id ?? '', exchange.body) };
  },
});

const opportunity = z.looseObject({
  triggerId: z.string(),
  version: z.int(),
  eventId: z.string(),
  contactId: z.string(),
  outcome: z.string(),
  words,
});

export const listOpportunities = endpoint({
  summary: [
    '商机明细：每个事件的结果与原因（新在前）',
    'What became of triggers for events, latest first, with the reason in words',
  ],
  query: strict({
    ...pageQuery,
    trigger: id.exactOptional(),
    contact: id.exactOptional(),
    event: foreignId.exactOptional(),
    city: id.exactOptional(),
    outcome: z
      .enum([
        'fired',
        'journey-taken',
        'inactive-hours',
        'stale',
        'cooldown',
        'max-per-contact',
        'budget',
      ])
      .exactOptional(),
  }),
  answer: answers.pageOf(opportunity),
  async handle({ deps, caller, query }) {
    const { trigger, contact, event, city, outcome, after, limit } = query;
    const { rows, next } = await deps.stores.opportunities.list({
      ...scopeOf(caller, city),
      ...(trigger !== undefined && { triggerId: trigger }),
      ...(contact !== undefined && { contactId: contact }),
      ...(event !== undefined && { eventId: event }),
      ...(outcome !== undefined && { outcome }),
      ...(after !== undefined && { after }),
      limit,
    });
    return { body: { items: rows.map((row) => rowView(deps, row)), next } };
  },
});

function rowView(
  { timezone, runLink }: ApiDeps,
  {
    answer,
    ...row
  }: Awaited<ReturnType<ApiDeps['stores']['opportunities']['list']>>['rows'][number],
): object {
  const link =
    answer.outcome === 'fired'
      ? runLink(opportunityId(row.triggerId, row.contactId, row.eventId))
      : undefined;
  return {
    ...row,
    ...answer,
    words: triggerAnswerWords(answer, timezone),
    ...(link !== undefined && { link }),
  };
}
