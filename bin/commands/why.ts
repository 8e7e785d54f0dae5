// `sopflow why <contactId>`: why a customer was contacted or was not, in the words of the API.

import { parseArgs } from 'node:util';
import type { DecisionInWords } from '../../reports/why';
import { CodedError } from '../../rules/base/errors';
import type { LedgerRow } from '../../rules/ledger/rows';
import { DAY_MS } from '../../rules/time/durations';
import { formatInstant, instantAt } from '../../rules/time/instant';
import { localText } from '../../rules/time/localText';
import { channelWord, classWord, type Lang, phrase } from '../../rules/words/terms';
import { findRemote, type Remote } from '../remote';

const USAGE =
  'usage: sopflow why <contactId> [--day YYYY-MM-DD] [--touch <touchId>] [--lang zh-CN|en]\n';

interface WhyAnswer {
  readonly timezone: string;
  readonly items: readonly (LedgerRow & DecisionInWords)[];
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
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { day: text, touch: text, lang: text },
      allowPositionals: true,
    });
    const [contactId, ...more] = positionals;
    if (contactId === undefined || more.length > 0) throw new Error('name one contact');

    const { day, touch, lang = 'zh-CN' } = values;
    if (lang !== 'zh-CN' && lang !== 'en')
      throw new Error(`--lang ${lang} is unknown; allowed: zh-CN, en`);

    return {
      contactId,
      lang: lang as Lang,
      ...(day !== undefined && { day }),
      ...(touch !== undefined && { touchId: touch }),
    };
  } catch (error) {
    throw new CodedError('INVALID_INPUT', `${(error as Error).message}\n${USAGE}`);
  }
}

const NOTHING = phrase('没有决策或回执', 'no decision and no settlement');
const COUNTED = phrase('计入：', 'counted: ');

/** One row a line, and under a decision one line for each rule that was asked. */
function renderWhy({ timezone, items }: WhyAnswer, lang: Lang): string {
  if (items.length === 0) return `${NOTHING[lang]}\n`;
  return items
    .map((row) => `${[heading(row, timezone, lang), ...ruleLines(row, lang)].join('\n')}\n`)
    .join('');
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
