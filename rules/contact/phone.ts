// Phone numbers: the one form under which a number is kept and compared, from any text in which people and systems write it.

/** Why a text is no number: spoilt by a spreadsheet, several numbers, a mobile number without its country, or none at all. */
export type PhoneRefusal = 'scientific' | 'several' | 'ambiguous' | 'not-a-number';

export type PhoneRead = { readonly phone: string } | { readonly refused: PhoneRefusal };

/** Marks that people and systems put around and between the digits. */
const DECORATION = /[\p{Cf}\p{Cc}\p{White_Space}\p{Pd}\u2212()]/gu;
const QUOTES_AT_ENDS = /^['"`‘’“”]+|['"`‘’“”]+$/g;

const WHOLE_DECIMAL = /^([0-9]+)\.0+$/;
const SCIENTIFIC = /^[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+$/;
const SEVERAL = /[0-9][/,;、|][0-9+]/;
const FOREIGN = /^(?!86)[1-9][0-9]{7,14}$/;

const MOBILE = '1[3-9][0-9]{9}';
/** With its area code; 400 and 800 are services, which no customer has. */
const LANDLINE = '(?:10|2[0-9])[0-9]{8}|(?!400|800)[3-9][0-9]{2}[0-9]{7,8}';

const CHINESE_MOBILE = new RegExp(`^${MOBILE}$`);
const CHINESE_LANDLINE = new RegExp(`^\\+86(?:${LANDLINE})$`);
const AFTER_COUNTRY = new RegExp(`^\\+860?(${MOBILE}|${LANDLINE})$`);
/** A mobile number may stand alone or behind 86 or 0, a landline only behind one of them. */
const WITHOUT_COUNTRY = new RegExp(`^(?:(?:86|0)?(${MOBILE})|(?:0|86)(${LANDLINE}))$`);

/** The number in E.164 form (`+8613912345678`), however it is written, or why the text is none. The result read again is itself. */
export function normalisePhone(text: string): PhoneRead {
  const bare = text.normalize('NFKC').replace(DECORATION, '').replace(QUOTES_AT_ENDS, '');
  const whole = bare.replace(WHOLE_DECIMAL, '$1');
  if (SCIENTIFIC.test(whole)) return { refused: 'scientific' };
  if (SEVERAL.test(whole)) return { refused: 'several' };

  const dialled = whole.replace(/^00/, '+');
  return dialled.startsWith('+') ? withCountry(dialled) : withoutCountry(dialled);
}

function withCountry(dialled: string): PhoneRead {
  const [, chinese] = AFTER_COUNTRY.exec(dialled) ?? [];
  if (chinese !== undefined) return { phone: `+86${chinese}` };

  const digits = dialled.slice(1);
  if (CHINESE_MOBILE.test(digits)) return { refused: 'ambiguous' };
  return FOREIGN.test(digits) ? { phone: dialled } : { refused: 'not-a-number' };
}

function withoutCountry(dialled: string): PhoneRead {
  const [, mobile, landline] = WITHOUT_COUNTRY.exec(dialled) ?? [];
  const chinese = mobile ?? landline;
  return chinese === undefined ? { refused: 'not-a-number' } : { phone: `+86${chinese}` };
}

/** The number as it is dialled at home: `13912345678`, `02081234567`; one of another country keeps its `+`. */
export const nationalForm = (phone: string): string =>
  phone.replace(/^\+86/, isLandline(phone) ? '0' : '');

/** A landline takes calls and no texts. */
export const isLandline = (phone: string): boolean => CHINESE_LANDLINE.test(phone);
