// Recognises a refusal of further messages: in what a customer answered by SMS, and in what a carrier says of a number.

/** The words the operators' gateways announce ("拒收请回复R") and customers use. */
const WORDS: ReadonlySet<string> = new Set(['R', 'T', 'TD', 'N', '0000', '退订', '拒收']);

/** Codes of gateways for a number that its carrier lets no text reach. */
const BLACKLISTED: ReadonlySet<string> = new Set(['MBBLACK', 'BLACKLISTED']);

/** True when the carrier, not a fault, keeps texts from the number: no further one may be tried. */
export const isBlacklisted = (code: string): boolean => BLACKLISTED.has(code.toUpperCase());

const EDGES = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;

/**
 * True when the whole answer is a word of refusal, in any case and width, whatever spaces, punctuation or brackets stand around it.
 * An answer that merely contains such a word ("RT", "Thanks", "10000") is no refusal: it would silence a customer who asked something.
 */
export function isOptOut(text: string): boolean {
  // NFKC folds full-width letters and digits; phones' keyboards switch width without telling.
  return WORDS.has(text.normalize('NFKC').replace(EDGES, '').toUpperCase());
}
