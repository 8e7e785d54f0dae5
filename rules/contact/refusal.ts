// Whether an answer of a customer refuses further messages: clearly, perhaps, or not at all.

import {
  DOUBTFUL_ANSWER,
  DOUBTFUL_IN_LONG,
  DOUBTFUL_WORDS,
  FILLER_WORDS,
  NOTE_WORDS,
  POLITE_WORD,
  QUESTION_MARKS,
  REFUSAL_TOKENS,
  REFUSAL_WORDS,
  SIMPLIFIED,
} from './refusalWords';

/** `unclear`: it may be one, and a person has to read it. */
export type ReplyMeaning = 'yes' | 'unclear' | 'no';

/** What a deployment understands besides the words of every one. */
export interface RefusalVocabulary {
  /** What our own texts tell the customer to answer (`拒收请回复R`). */
  readonly note?: string;
  /** Further words of refusal, whole as customers write them. */
  readonly words?: readonly string[];
}

/** Reads answers with one vocabulary; made once. */
export type RefusalReader = (answer: string) => ReplyMeaning;

/** In code points; a longer answer tells a story of its own. */
const SHORT = 30;

const INVISIBLE = /[\p{Cf}\p{Cc}\p{White_Space}]|[\uFE00-\uFE0F]|\u20E3/gu;
const MARKS = /[\p{P}\p{S}]+/u;
const RUNS = /[a-z0-9]+|[^a-z0-9]+/g;
const IS_LATIN = /^[a-z0-9]/;
const ZEROS = /^0{4,8}$/;
/** A run that the note asks for; one that is longer is no word to answer. */
const ASKED_FOR = /[回复]([a-z0-9]{1,6})(?![a-z0-9])/g;

/** Behind it a note says what to answer. */
const BEFORE_ANSWER = /回复|回|复/;

/** Makes the reader of a deployment's answers (people, section 2). */
export function refusalReader({ note = '', words = [] }: RefusalVocabulary = {}): RefusalReader {
  const own = words.map((word) => piecesOf(plainly(word)).join(''));
  const tokens = new Set<string>([
    ...REFUSAL_TOKENS,
    ...tokensOfNote(note),
    ...own.filter((word) => /^[a-z0-9]+$/.test(word)),
  ]);
  const refusals = [...REFUSAL_WORDS, ...own.filter((word) => !IS_LATIN.test(word))];

  return (answer) => read(plainly(answer), tokens, refusals);
}

/** The words that the note tells customers to answer, as they are compared. */
export function tokensOfNote(note: string): string[] {
  return piecesOf(plainly(note))
    .filter((piece) => NOTE_WORDS.some((word) => piece.includes(word)))
    .flatMap((piece) => [...piece.matchAll(ASKED_FOR)].flatMap(([, token = '']) => token));
}

/** True when a customer who answers what the note asks for has refused. */
export function namesRefusal(note: string): boolean {
  const answers = piecesOf(plainly(note)).flatMap((piece) => piece.split(BEFORE_ANSWER).slice(1));
  const understand = refusalReader({ note });

  return tokensOfNote(note).length > 0 || answers.some((answer) => understand(answer) === 'yes');
}

/** True for a word that can be told from others: of letters and digits alone, or of neither. */
export const isRefusalWord = (word: string): boolean =>
  /^([a-z0-9]+|[^a-z0-9]+)$/.test(piecesOf(plainly(word)).join(''));

function read(
  plain: string,
  tokens: ReadonlySet<string>,
  refusals: readonly string[],
): ReplyMeaning {
  const pieces = piecesOf(plain);
  const isQuestion = QUESTION_MARKS.some((mark) => plain.includes(mark));
  if (!isQuestion && isRefusal(pieces, tokens, refusals)) return 'yes';
  return isDoubtful(pieces.join('').replaceAll(POLITE_WORD, '')) ? 'unclear' : 'no';
}

/** The same text for what a person would read as the same. */
function plainly(text: string): string {
  const bare = text.normalize('NFKC').toLowerCase().replace(INVISIBLE, '');
  return [...bare].map((sign) => SIMPLIFIED[sign] ?? sign).join('');
}

const piecesOf = (plain: string): string[] => plain.split(MARKS).filter((piece) => piece !== '');

/** Every part is a word of refusal or stands around one, and one of them is. */
function isRefusal(
  pieces: readonly string[],
  tokens: ReadonlySet<string>,
  refusals: readonly string[],
): boolean {
  const parts = pieces.flatMap((piece) => piece.match(RUNS) ?? []);
  const meanings = parts.map((part) =>
    IS_LATIN.test(part) ? meaningOfToken(part, tokens) : meaningOfWords(part, refusals),
  );
  return !meanings.includes('other') && meanings.includes('refusal');
}

type Meaning = 'refusal' | 'filler' | 'other';

const meaningOfToken = (run: string, tokens: ReadonlySet<string>): Meaning =>
  beginningsRepeatedIn(run).some((token) => tokens.has(token) || ZEROS.test(token))
    ? 'refusal'
    : 'other';

/** The texts that, once or several times in a row, are the whole run. */
function beginningsRepeatedIn(run: string): string[] {
  const beginnings = Array.from(run, (_, i) => run.slice(0, i + 1));
  return beginnings.filter((each) => each.repeat(run.length / each.length) === run);
}

/** Cut into known words from the left: whether a cut so far holds a refusal is kept for each place that can be reached. */
function meaningOfWords(run: string, refusals: readonly string[]): Meaning {
  const reached: Meaning[] = Array.from({ length: run.length + 1 }, () => 'other');
  reached[0] = 'filler';

  for (let from = 0; from < run.length; from++) {
    const before = reached[from];
    if (before === undefined || before === 'other') continue;

    for (const word of refusals)
      if (run.startsWith(word, from)) reached[from + word.length] = 'refusal';
    for (const word of FILLER_WORDS)
      if (run.startsWith(word, from) && reached[from + word.length] !== 'refusal')
        reached[from + word.length] = before;
  }

  return reached[run.length] ?? 'other';
}

function isDoubtful(answer: string): boolean {
  const isShort = [...answer].length <= SHORT;
  const words: readonly string[] = isShort ? DOUBTFUL_WORDS : DOUBTFUL_IN_LONG;
  return (isShort && answer === DOUBTFUL_ANSWER) || words.some((word) => answer.includes(word));
}
