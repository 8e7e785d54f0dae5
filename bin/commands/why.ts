// `sopflow why <contactId>`: why a customer was contacted or was not, in the words of the API.

import { readArgs, UsageError } from '../../embedded/usage';
import type { DecisionInWords } from '../../reports/why';
import type { StaleStart } from '../../rules/contact/staleStart';
import type { LedgerRow } from '../../rules/ledger/rows';
import { DAY_MS } from '../../rules/time/durations';
import { formatInstant, instantAt } from '../../rules/time/instant';
import { localText } from '../../rules/time/localText';
import { channelWord, classWord, type Lang, phrase } from '../../rules/words/terms';
import { findRemote, type Remote } from '../remote';

interface WhyAnswer {
  readonly timezone: string;
  readonly archivedUntil?: string;
  readonly items: readonly (LedgerRow & DecisionInWords)[];
  /** Absent from a server of an earlier version. */
  readonly notStarted?: readonly (StaleStart & Pick<DecisionInWords, 'words'>)[];
}

/** Without a day or a touch: the last 24 hours. */
export async function runWhy(
  args: readonly string[],
  remote: () => Pick<Remote, 'fetch'> = () => findRemote(process.env),
  output: { write(text: string): unknown } = process.stdout,
): Promise<number> {
  const { contactId, lang, ...asked } = read(args);
  const query = new URLSearchParams({ lang, ...asked });

  if (asked.day === undefined && asked.touchId === undefined)
    query.set('from', formatInstant(Date.now() - DAY_MS));
  const path = `/api/v1/contacts/${encodeURIComponent(contactId)}/decisions?${query}`;
  output.write(renderWhy((await (await remote().fetch(path)).json()) as WhyAnswer, lang));

  return 0;
}

function read(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const { values, words } = readArgs(args, {
    options: { day: text, touch: text, lang: text },
    words: ['contactId'],
  });
  const [contactId = ''] = words;
  const { day, touch, lang = 'zh-CN' } = values;
  if (lang !== 'zh-CN' && lang !== 'en')
    throw new UsageError(`--lang ${lang} is unknown · 未知语言; allowed: zh-CN, en`);

  return {
    contactId,
    lang: lang as Lang,
    ...(day !== undefined && { day }),
    ...(touch !== undefined && { touchId: touch }),
  };
}

const NOTHING = phrase('没有决策或回执', 'no decision and no settlement');
const ARCHIVED = phrase('更早的决策已归档，至 ', 'what was decided before is archived, until ');
const COUNTED = phrase('计入：', 'counted: ');

/** One row a line, and under a decision one line for each rule that was asked. */
function renderWhy(answer: WhyAnswer, lang: Lang): string {
  const { timezone, items, notStarted = [], archivedUntil } = answer;
  const archived =
    archivedUntil === undefined
      ? ''
      : `${ARCHIVED[lang]}${localText(instantAt(archivedUntil, 'archivedUntil'), timezone)}\n`;
  if (items.length + notStarted.length === 0) return `${archived}${NOTHING[lang]}\n`;

  const rows = items.map((row) => ({
    at: row.at,
    lines: [heading(row, timezone, lang), ...ruleLines(row, lang)],
  }));
  const stale = notStarted.map(({ at, words }) => ({
    at,
    lines: [`${localText(instantAt(at, 'at'), timezone)}  ${words[lang] ?? ''}`],
  }));

  const lines = [...rows, ...stale]
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map((each) => `${each.lines.join('\n')}\n`);
  return [archived, ...lines].join('');
}

function heading(row: LedgerRow & DecisionInWords, timezone: string, lang: Lang): string {
  const at = localText(instantAt(row.at, 'at'), timezone);
  const what =
    row.kind === 'decision'
      ? `#${row.attempt} ${channelWord(row.channel, lang)}/${classWord(row.class, lang)} ${row.policy}`
      : channelWord(row.channel, lang);

  return `${at}  ${row.touchId} ${what}  ${row.words[lang] ?? ''}`;
}

const ruleLines = ({ explain = [] }: DecisionInWords, lang: Lang): string[] =>
  explain.map(
    ({ words, counted = [] }) =>
      `    ${words[lang] ?? ''}${counted.length > 0 ? `  ${COUNTED[lang]}${counted.join(', ')}` : ''}`,
  );
