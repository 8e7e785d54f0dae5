// The signature of a short message, `【…】`: carriers drop texts without one, and take what stands first for it.

/** Han, letters and digits, not digits alone, 2 to 20 of them; carriers take no signs and no blanks. */
const NAME = /^(?!\p{N}+$)[\p{L}\p{N}]{2,20}$/u;

export const SIGNATURE_FORM = '2 to 20 letters or digits, not digits alone, with or without 【】';

/** `【name】`; null: no carrier would take it. */
export function signatureOf(given: string): string | null {
  const name = /^【(.*)】$/su.exec(given)?.[1] ?? given;
  return NAME.test(name) ? `【${name}】` : null;
}

/** The text without this signature, wherever it stands. */
export const withoutSignature = (text: string, signature: string): string =>
  text.includes(signature) ? text.replaceAll(signature, '').trim() : text.trim();

/** The text with the signature before it, and nowhere else. */
export const signed = (text: string, signature: string): string =>
  signature + withoutSignature(text, signature);

/** What stands at the beginning of a text as a signature would; null: nothing does. */
export const foreignSignature = (text: string): string | null =>
  /^\s*(【[^】]*】)/u.exec(text)?.[1] ?? null;

/** UTF-16 units of a message that is sent alone, and of each part of a longer one, which needs room for its number. */
const ALONE = 70;
const IN_PARTS = 67;

/** How long a text is and into how many parts networks cut it, all of it counted: signature and note, too. */
export function smsLength(text: string): { readonly units: number; readonly parts: number } {
  const units = text.length;
  return { units, parts: units <= ALONE ? 1 : Math.ceil(units / IN_PARTS) };
}
