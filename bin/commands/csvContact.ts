// A line of CSV as a contact: column names are paths (`plan.fee`, `facts.balanceFen`), empty cells are absent.

const NUMBERS = new Set([
  'billDay',
  'plan.fee',
  'facts.balanceFen',
  'facts.billDueFen',
  'facts.dataUsedPct',
  'facts.monthlySpendFen',
  'facts.overDataMonths',
]);
const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false };

/** Cells that are not of their column's type stay text, for the API to refuse them with their path. */
export function contactFromCsv(record: Readonly<Record<string, string>>): Record<string, unknown> {
  const contact: Record<string, unknown> = {};
  for (const [column, cell] of Object.entries(record))
    if (cell !== '') put(contact, column.split('.'), cellValue(column, cell));
  return contact;
}

function cellValue(column: string, cell: string): unknown {
  if (NUMBERS.has(column) && Number.isFinite(Number(cell))) return Number(cell);
  return BOOLEANS[cell] ?? cell;
}

function put(
  target: Record<string, unknown>,
  [first, ...rest]: readonly string[],
  value: unknown,
): void {
  if (first === undefined || first === '__proto__') return;
  if (rest.length === 0) {
    target[first] = value;
    return;
  }

  target[first] ??= {};
  put(target[first] as Record<string, unknown>, rest, value);
}
