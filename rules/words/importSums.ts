// What became of the rows of a file, in one line that always adds up: Chinese first, then English.

interface Sums {
  readonly rows: number;
  readonly taken: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly skipped: number;
  /** Of those skipped. */
  readonly repeated: number;
}

/** Rows in = taken + unchanged + refused + skipped. */
export function importSumsWords({
  rows,
  taken,
  unchanged,
  refused,
  skipped,
  repeated,
}: Sums): string {
  const zh = repeated === 0 ? '' : `（其中重复 ${repeated}）`;
  const en = repeated === 0 ? '' : ` (${repeated} repeated)`;
  return (
    `共 ${rows} 行 = 导入 ${taken} + 未变 ${unchanged} + 拒绝 ${refused} + 跳过 ${skipped}${zh} · ` +
    `${rows} rows in = ${taken} taken + ${unchanged} unchanged + ${refused} refused + ${skipped} skipped${en}`
  );
}
