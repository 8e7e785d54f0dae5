// What of a text is fit to be read: no control characters, no halves of characters, and at least one word.

/**
 * Characters that no customer may get: controls but the line break, halves of characters, separators that phones do not know,
 * marks of byte order, what is no character, and those that turn the direction of what follows.
 */
const UNFIT =
  /(?!\n)[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Looks blank, and is neither white space nor a format character. */
const LOOKS_BLANK = /[\u115f\u1160\u2800\u3164\uffa0]/gu;

/** What programs print where they have no value. */
const NO_VALUE: ReadonlySet<string> = new Set([
  'NaN',
  'Infinity',
  '-Infinity',
  'undefined',
  'null',
  '[object Object]',
]);

/** Line breaks are written in one way; tabs become blanks; everything else that is unfit is left out. */
export const withoutUnfit = (text: string): string =>
  text.replace(/\r\n?/g, '\n').replace(/\t/g, ' ').replace(UNFIT, '');

/** The first character that must not leave, as its code point (`U+0000`); null: there is none. */
export function unfitCharacter(text: string): string | null {
  const [found] = text.replace(/\r\n/g, '\n').match(UNFIT) ?? [];
  if (found === undefined) return null;
  return `U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** True when there is something to read: a letter or a digit. */
export const hasWords = (text: string): boolean =>
  /[\p{L}\p{N}]/u.test(text.replace(LOOKS_BLANK, ''));

/** A value as it may be shown, on one line; null: it is blank, holds nothing but punctuation, or says that there is none. */
export function shownText(value: string): string | null {
  const fit = withoutUnfit(value).replaceAll('\n', ' ').trim();
  const isSomething = /[\p{L}\p{N}\p{S}]/u.test(fit.replace(LOOKS_BLANK, ''));
  return isSomething && !NO_VALUE.has(fit) ? fit : null;
}

/** From here on numbers are no longer exact, and nobody reads them. */
const MOST_SHOWN = 1e15;

/** A number as people write it, with at most two decimals; null: it is none. */
export function shownNumber(value: number): string | null {
  if (!Number.isFinite(value) || Math.abs(value) >= MOST_SHOWN) return null;
  return String(Math.round(value * 100) / 100);
}

/** Fen to yuan, as people write it: 1250 → 12.50, 3000 → 30; null: it is no whole number of fen. */
export function shownYuan(fen: unknown): string | null {
  if (typeof fen !== 'number' || !Number.isSafeInteger(fen)) return null;
  return fen % 100 === 0 ? String(fen / 100) : (fen / 100).toFixed(2);
}
