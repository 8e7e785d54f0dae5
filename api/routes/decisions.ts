// Why was this customer contacted, and why not: one read of their ledger, in words.

import { z } from 'zod';
import { explainRows, hoursToReadBack, LANGS } from '../../reports/why';
import { CodedError } from '../../rules/base/errors';
import type { Contact } from '../../rules/contact/contact';
import { joinedId, utc } from '../../rules/input/input.schema';
import { date, strict } from '../../rules/input/shape.schema';
import { parseDate } from '../../rules/time/civil';
import { HOUR_MS } from '../../rules/time/durations';
import { formatInstant, instantAt } from '../../rules/time/instant';
import { zoneOf } from '../../rules/time/zone';
import { staleStartWords } from '../../rules/words/staleStart';
import type { Lang } from '../../rules/words/terms';
import * as answers from '../answers';
import { archivedUntilOf } from '../archivedUntil';
import { type Exchange, endpoint } from '../exchange';
import { visibleContact } from '../scope';

const asked = strict({
  from: utc.exactOptional(),
  to: utc.exactOptional(),
  day: date.exactOptional(),
  touchId: joinedId.exactOptional(),
  lang: z.enum(['zh-CN', 'en']).exactOptional(),
});

interface Span {
  readonly from?: string;
  readonly to?: string;
}

export const decisions = endpoint({
  summary: [
    '为什么触达、为什么不触达：全部决策与回执，逐条规则说明（day 为客户当地日期）',
    'Why and why not: every decision with what each rule said and counted, and every settlement; `day` is a date where the customer lives',
  ],
  query: asked,
  answer: z.object({
    contactId: z.string(),
    timezone: z.string(),
    from: z.string().optional(),
    to: z.string().optional(),
    /** What was decided before it is in archives. */
    archivedUntil: z.string().optional(),
    items: z.array(answers.toldRow),
    notStarted: z.array(answers.staleStart),
  }),
  async handle(exchange) {
    const { deps, params, query } = exchange;
    const contact = await visibleContact(exchange, params.contactId ?? '');
    const { contactId, timezone = deps.timezone } = contact;
    const span = spanOf(query, timezone);
    const reachHours =
      span.from === undefined ? Number.POSITIVE_INFINITY : await reach(exchange, contact);

    const timeline = await deps.stores.touches.timeline(
      contactId,
      earlier(span.from, reachHours),
      span.to,
    );

    const rows = timeline.filter(
      ({ at, touchId }) => at >= (span.from ?? '') && touchId === (query.touchId ?? touchId), // the rest is only counted
    );
    const langs = query.lang === undefined ? LANGS : [query.lang];
    const items = await explainRows(
      deps.stores.policies,
      rows,
      { timeline, reachHours, zone: timezone },
      langs,
    );

    const notStarted =
      query.touchId === undefined ? staleStarts(contact, span, langs, timezone) : [];

    const { subjectOf } = deps.ledgerKeys;
    const archived = await archivedUntilOf(deps.stores, contact, subjectOf, span.from);
    return { body: { contactId, timezone, ...span, ...archived, items, notStarted } };
  },
});

/** Journeys that no event started, because what it told of was over. */
function staleStarts(
  { staleStarts: all = [] }: Contact,
  { from = '', to = '\uffff' }: Span,
  langs: readonly Lang[],
  zone: string,
) {
  return all
    .filter(({ at }) => at >= from && at < to)
    .map((stale) => ({
      ...stale,
      words: Object.fromEntries(langs.map((lang) => [lang, staleStartWords(stale, lang, zone)])),
    }));
}

/** A whole date of the customer, or the given instants. */
function spanOf({ day, from, to }: z.infer<typeof asked>, timezone: string): Span {
  if (day === undefined)
    return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };

  if (from !== undefined || to !== undefined)
    throw new CodedError('INVALID_INPUT', '`day` stands alone', [
      {
        path: 'day',
        message: 'given together with from or to',
        value: day,
        allowed: 'either a day, or from and to',
      },
    ]);

  const zone = zoneOf(timezone);
  const dayNo = parseDate(day);

  return {
    from: formatInstant(zone.instantOf(dayNo, 0)),
    to: formatInstant(zone.instantOf(dayNo + 1, 0)),
  };
}

async function reach({ deps }: Pick<Exchange, 'deps'>, contact: Contact): Promise<number> {
  const policy = await deps.stores.policies.current('default');
  return policy === null ? 0 : hoursToReadBack(policy.body, contact);
}

const earlier = (from: string | undefined, hours: number): string | undefined =>
  from && formatInstant(instantAt(from, 'from') - hours * HOUR_MS);
