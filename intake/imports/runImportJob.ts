// One import from its file to its sums. It can be broken off between any two steps and taken up by any server.

import type { ImportJob, ImportStep, ImportSums, LeftRow } from '../../ports/imports';
import type { FileRow, RowFiles } from '../../ports/rowFiles';
import type { Stores } from '../../ports/stores';
import { UnreadableRow } from '../../rules/contact/file/row';
import { formatInstant } from '../../rules/time/instant';
import { type ContactFile, contactFile, contactIdOf, contactOf, isBlank } from './fileRows';
import type { LastLines } from './lastLines';
import { lookThrough } from './lookThrough';
import { storedFile } from './storedFile';
import { type ContactRowResult, type TakeDeps, takeContacts } from './takeContacts';

export interface ImportDeps extends TakeDeps {
  readonly stores: TakeDeps['stores'] & Pick<Stores, 'imports'>;
  readonly files: RowFiles;
}

/** Rows of a step. Never changed while imports run: a step that is made again must have the same rows. */
const STEP_ROWS = 1000;

/** Takes a job to its end, unless it may not go on or somebody has ended it. @throws what keeps the file from being read */
export async function runImportJob(
  deps: ImportDeps,
  job: ImportJob,
  mayGoOn: () => boolean,
): Promise<void> {
  const { imports } = deps.stores;
  const { format, asked, bytes } = job;
  const opened = await deps.files.open(storedFile(imports, job.id, bytes), { format, ...asked });
  const file = contactFile(opened, asked);
  const looked = await lookThrough(file, mayGoOn);
  if (!looked || !(await begin(deps, job, file, looked.total))) return;

  let { sums } = job;
  for await (const rows of stepsOf(file, sums.rows)) {
    if (!mayGoOn()) return;
    const step = await makeStep(deps, { job, file, lastLines: looked.lastLines, sums }, rows);
    if (!(await imports.advance(job.id, step))) return; // ended, or overtaken by another server
    ({ sums } = step);
  }

  await imports.end(job.id, 'done', formatInstant(deps.clock.now()));
}

const begin = (
  { stores, clock }: ImportDeps,
  { id, startedAt }: ImportJob,
  { reading, header, columns }: ContactFile,
  total: number,
): Promise<boolean> =>
  stores.imports.note(id, {
    ...{ state: 'running', total, startedAt: startedAt ?? formatInstant(clock.now()) },
    reading: { ...reading, ...(header && { header }) },
    ...(columns && { columns: columns.map(({ header: name, path }) => ({ header: name, path })) }),
  });

/** The rows behind the first `done`, as many at a time as a step has. */
async function* stepsOf(file: ContactFile, done: number): AsyncGenerator<readonly FileRow[]> {
  let toSkip = done;
  let waiting: FileRow[] = [];

  for await (const some of file.rows()) {
    const rows = toSkip === 0 ? some : some.slice(toSkip);
    toSkip -= some.length - rows.length;
    waiting = waiting.concat(rows);

    let from = 0;
    for (; waiting.length - from >= STEP_ROWS; from += STEP_ROWS)
      yield waiting.slice(from, from + STEP_ROWS);
    waiting = waiting.slice(from);
  }

  if (waiting.length > 0) yield waiting;
}

interface RunState {
  readonly job: ImportJob;
  readonly file: ContactFile;
  readonly lastLines: LastLines;
  readonly sums: ImportSums;
}

async function makeStep(
  deps: ImportDeps,
  { job, file, lastLines, sums }: RunState,
  rows: readonly FileRow[],
): Promise<ImportStep> {
  const places = rows.map((row, i) => ({ row, place: sums.rows + i }));
  const filled = places.filter(({ row }) => !isBlank(row));
  const named = filled.map((each) => ({ ...each, contactId: contactIdOf(each.row, file) }));
  const isRepeated = ({ row, contactId }: (typeof named)[number]): boolean =>
    contactId !== undefined && lastLines.of(contactId) !== row.line;
  const counting = named.filter((each) => !isRepeated(each));

  const { replace, dryRun } = job.asked;
  const results = await takeContacts(
    deps,
    { name: job.author, ...(job.cities && { cities: job.cities }) },
    counting.map(({ row }, i) => ({ row: i, value: () => contactOf(row, file) })),
    {
      mode: replace ? 'replace' : 'merge',
      batch: `${job.id}/${sums.rows}`,
      ...(dryRun && { dryRun }),
    },
  );

  const left = [
    ...named.filter(isRepeated).map(({ row, place, contactId = '' }): LeftRow => {
      const { line } = row;
      return { row: place, line, contactId, countingLine: lastLines.of(contactId) };
    }),
    ...results.flatMap((result) => {
      const given = counting[result.row];
      return given && result.outcome === 'refused' ? [refusedRow(given, result)] : [];
    }),
  ];
  return { from: sums.rows, sums: summed(sums, rows.length, results, left), left };
}

function refusedRow(
  { row, place, contactId }: { row: FileRow; place: number; contactId: string | undefined },
  { error }: ContactRowResult & { readonly outcome: 'refused' },
): LeftRow {
  const { line, cells, json } = row;
  return {
    ...{ row: place, line },
    ...(contactId !== undefined && { contactId }),
    ...(json === undefined ? { cells } : { json }),
    ...(error instanceof UnreadableRow ? { faults: error.faults } : { issues: error.issues }),
  };
}

/** Rows of a step are counted to the last one: what is neither taken, unchanged nor refused was passed over. */
function summed(
  before: ImportSums,
  rows: number,
  results: readonly ContactRowResult[],
  left: readonly LeftRow[],
): ImportSums {
  const count = (...outcomes: readonly ContactRowResult['outcome'][]): number =>
    results.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const taken = count('created', 'updated');
  const unchanged = count('unchanged');
  const refused = count('refused');
  const claiming = (before.claiming ?? 0) + results.filter(({ waiting }) => waiting).length;

  return {
    rows: before.rows + rows,
    taken: before.taken + taken,
    unchanged: before.unchanged + unchanged,
    refused: before.refused + refused,
    skipped: before.skipped + rows - taken - unchanged - refused,
    repeated:
      before.repeated + left.filter(({ countingLine }) => countingLine !== undefined).length,
    ...(claiming > 0 && { claiming }),
  };
}
