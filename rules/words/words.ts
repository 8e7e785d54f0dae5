// Every verdict, reason, settlement and line of an explanation in words, so that console, API and command line say the same.

import { assertNever } from '../base/errors';
import { parseSettlementReason } from '../contact/settlementReason';
import type { Decision, Explained, HeldPast } from '../gate/gate.schema';
import type { Basis, SettlementRow } from '../ledger/rows';
import { storedFinding } from '../ledger/storedFinding';
import type { Policy } from '../policy/policy.schema';
import { instantAt } from '../time/instant';
import { localText } from '../time/localText';
import { findingWords } from './finding';
import { quoted, reasonWords, settlementReasonWords } from './reasons';
import { hoursWord, type Lang, type Phrase, phrase, windowWord } from './terms';

/** An answer of the gate, as the ledger or an activity gives it. */
type Answered = Omit<Decision, 'explain'> & {
  readonly explain?: Decision['explain'];
  readonly basis?: Basis;
};
type Settled = Pick<SettlementRow, 'settled' | 'why' | 'acceptedAt' | 'deliveredAt' | 'partly'>;

/** What is known besides the row; each thing makes the words say more. */
export interface Context {
  /** The policy that answered: its windows and limits are then named. */
  readonly policy?: Policy;
  /** How many touches a gap or cap counted. */
  readonly counted?: (rule: Pick<Explained, 'kind' | 'rule'>) => number | undefined;
  /** IANA zone of the instants; without one they are shown in UTC as they are. */
  readonly zone?: string;
}

/** One decision, settlement or line of an explanation in one sentence. */
export function wordsFor(
  row: Answered | Settled | Explained,
  lang: Lang,
  context: Context = {},
): string {
  if ('answer' in row) return explainedWords(row, lang, context);
  return 'settled' in row ? settledWords(row, lang, context) : decisionWords(row, lang, context);
}

function instantWords(instant: string, zone: string | undefined): string {
  return zone === undefined ? instant : localText(instantAt(instant, 'instant'), zone);
}

function decisionWords(row: Answered, lang: Lang, given: Context): string {
  const zone = given.zone ?? row.basis?.timezone;
  const context = { ...given, ...(zone !== undefined && { zone }) };

  switch (row.verdict) {
    case 'pass':
      return phrase('可以触达', 'passes')[lang];
    case 'deferred': {
      const why = causeWords(row, lang, context);
      const at = row.until === undefined ? undefined : instantWords(row.until, zone);
      if (lang === 'en')
        return `deferred: ${why}${at === undefined ? '' : `; would pass at ${at}`}`;
      return `顺延：${why}${at === undefined ? '' : `；预计 ${at} 可通过`}`;
    }
    case 'suppressed':
      return `${phrase('不触达：', 'suppressed: ')[lang]}${causeWords(row, lang, context)}`;
    default:
      return assertNever(row.verdict, 'verdict');
  }
}

/** The deciding rule as its line of the explanation says it; the end of its own answer is left out, the verdict has one. */
function causeWords(
  { reason, rule, explain = [] }: Answered,
  lang: Lang,
  context: Context,
): string {
  const holder = explain.find(({ heldPast }) => heldPast !== undefined);
  if (holder?.heldPast) return heldPastWords(holder, holder.heldPast, lang, context);

  const line = explain.find(
    (entry) => entry.kind === reason && entry.rule === rule && entry.answer !== 'pass',
  );
  return line ? foundWords(line, lang, context) : reasonWords(reason ?? '', rule, lang);
}

/** Why it expired although it was asked in time: a rule would have let it pass too late. */
function heldPastWords(
  line: Explained,
  { wouldPassAt, expiresAt }: HeldPast,
  lang: Lang,
  { zone }: Context,
): string {
  const title = titleOf(line, lang);
  const [until, pass, end] = [line.until ?? wouldPassAt, wouldPassAt, expiresAt].map((instant) =>
    instantWords(instant, zone),
  );

  if (lang === 'en') {
    const held = `${title} would hold it until ${until}`;
    const others =
      until === pass ? ', which' : `; with the other rules it would pass at ${pass}, which`;
    return `${held}${others} is after its end ${end}`;
  }
  const others = until === pass ? '' : `，连同其他规则须至 ${pass}`;
  return `${title}要到 ${until} 才放行${others}，晚于其有效期 ${end}`;
}

function settledWords(row: Settled, lang: Lang, { zone }: Context): string {
  const { settled, why, acceptedAt, deliveredAt = acceptedAt } = row;
  const because = why === undefined ? '' : `${phrase('：', ': ')[lang]}${whyWords(why, lang)}`;
  if (settled === 'released') return `${phrase('已释放', 'released')[lang]}${because}`;
  if (settled === 'withdrawn')
    return why === undefined ? phrase('撤回', 'withdrawn')[lang] : whyWords(why, lang);

  const at = deliveredAt === undefined ? '' : instantWords(deliveredAt, zone);
  const said = sentWords(row)[lang];
  return lang === 'en'
    ? `${said}${at && ` at ${at}`}${because}`
    : `${said}${at && `（${at}）`}${because}`;
}

/** What the channel took is not yet with the customer. */
function sentWords({ acceptedAt, deliveredAt, partly }: Settled): Phrase {
  if (partly) return phrase('部分送达', 'partly delivered');
  if (acceptedAt !== undefined && deliveredAt === undefined)
    return phrase('渠道已接收', 'accepted by the channel');
  return phrase('已送达', 'sent');
}

const whyWords = (why: string, lang: Lang): string =>
  settlementReasonWords(parseSettlementReason(why), lang);

function explainedWords(line: Explained, lang: Lang, context: Context): string {
  const found = foundWords(line, lang, context);
  if (line.answer !== 'defer' || line.until === undefined) return found;
  const until = instantWords(line.until, context.zone);
  return lang === 'en' ? `${found}, until ${until}` : `${found}，至 ${until}`;
}

const NAMES = {
  unreachable: phrase('渠道可达性', 'reach'),
  blocked: phrase('封禁', 'blocks'),
  consent: phrase('同意', 'consent'),
  dnd: phrase('免打扰', 'do-not-disturb'),
  'quiet-hours': phrase('静默时段', 'quiet hours'),
  gap: phrase('触达间隔', 'gap'),
  cap: phrase('频次上限', 'cap'),
  holdout: phrase('对照组', 'holdout'),
} satisfies Record<Explained['kind'], unknown>;

/** Whether rules of the kind have ids of their own in a policy. */
const HAS_ID: Readonly<Record<Explained['kind'], boolean>> = {
  unreachable: false,
  blocked: false,
  consent: false,
  dnd: false,
  'quiet-hours': true,
  gap: true,
  cap: true,
  holdout: false,
};

/** The rule by its name and what it found, without the end of its answer. */
function foundWords(line: Explained, lang: Lang, context: Context): string {
  const { kind, answer } = line;
  const title = titleOf(line, lang);
  const facts = factsOf(line, lang, context);
  if (lang === 'en') return `${title}: ${facts}${answer === 'pass' ? ' (passes)' : ''}`;
  if (answer === 'pass') return `${title}：通过（${facts}）`;

  return `${HIT[kind]}${title}：${facts}`;
}

/** The rule by its name. */
function titleOf({ kind, rule }: Pick<Explained, 'kind' | 'rule'>, lang: Lang): string {
  if (kind === 'quiet-hours' && rule === 'contact')
    return phrase('客户自己的静默时段', "the customer's own quiet hours")[lang];

  const name = NAMES[kind][lang];
  return HAS_ID[kind] ? quoted(name, rule, lang) : name;
}

const HIT: Readonly<Record<Explained['kind'], string>> = {
  unreachable: '不满足',
  blocked: '命中',
  consent: '缺少',
  dnd: '处于',
  'quiet-hours': '处于',
  gap: '命中',
  cap: '命中',
  holdout: '属于',
};

/** What the rule found. A gap and a cap also name what the policy has for them, where it is at hand. */
function factsOf(line: Explained, lang: Lang, context: Context): string {
  const finding = storedFinding(line);
  const found = finding === null ? line.detail : findingWords(finding, lang);

  switch (line.kind) {
    case 'cap':
      return capFacts(line, lang, context) ?? found;
    case 'gap':
      return lang === 'en' ? found : gapFacts(line.rule, found, context.policy);
    case 'unreachable':
    case 'blocked':
    case 'consent':
    case 'dnd':
    case 'quiet-hours':
    case 'holdout':
      return found;
    default:
      return assertNever(line.kind, 'kind');
  }
}

function capFacts(
  asked: Pick<Explained, 'kind' | 'rule'>,
  lang: Lang,
  { policy, counted }: Context,
): string | undefined {
  const cap = policy?.caps?.find(({ id }) => id === asked.rule);
  if (cap === undefined) return undefined;

  const window = windowWord(cap.window, lang);
  const n = counted?.(asked);
  if (lang === 'en')
    return n === undefined
      ? `at most ${cap.limit} in ${window}`
      : `${n} of ${cap.limit} in ${window}`;

  return n === undefined
    ? `${window}内上限 ${cap.limit} 次`
    : `${window}内已触达 ${n} 次（上限 ${cap.limit} 次）`;
}

function gapFacts(rule: string, found: string, policy: Policy | undefined): string {
  const gap = policy?.gaps?.find(({ id }) => id === rule);
  return gap === undefined ? found : `距上次触达须满 ${hoursWord(gap.hours, 'zh-CN')}（${found}）`;
}
