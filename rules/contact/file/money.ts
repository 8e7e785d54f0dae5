// Amounts of money as files have them, in whole fen; never through a fraction of a number.

const AMOUNT = /^([-+]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d*))?$/;
const LONGEST = 12;

/** Fen of an amount in yuan or in fen; null: it is none, or has parts of a fen. */
export function fenOfCell(cell: string, unit: 'yuan' | 'fen'): number | null {
  const text = cell.normalize('NFKC').replace(/[\s¥元分]/g, '');
  const [, sign, whole = '', fraction = ''] = AMOUNT.exec(text) ?? [];
  const places = fraction.replace(/0+$/, '');
  if (whole === '' || places.length > (unit === 'yuan' ? 2 : 0)) return null;

  const digits = `${whole.replaceAll(',', '')}${unit === 'yuan' ? places.padEnd(2, '0') : ''}`;
  if (digits.replace(/^0+/, '').length > LONGEST) return null;

  const fen = Number(digits);
  return sign === '-' && fen !== 0 ? -fen : fen;
}
