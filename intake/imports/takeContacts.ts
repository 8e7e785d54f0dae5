// Rows of contacts from their raw values to what became of each: the one way in for batches and for files.

import type { ImportOptions, RowOutcome } from '../../ports/contacts';
import type { NameClaim } from '../../ports/nameClaims';
import type { Stores } from '../../ports/stores';
import { CodedError, isCodedError } from '../../rules/base/errors';
import { readImportRow } from '../../rules/contact/importRow.schema';
import { pastClaims } from '../../rules/contact/pastInstant';
import type { ImportRow } from '../../rules/contact/profile';
import { formatInstant } from '../../rules/time/instant';
import { assertCity } from '../cityRights';
import { wakeRunsOf } from '../launch';
import { type Claimant, foreignClaims, withoutClaimed } from '../nameRights';
import { type NumbersDeps, settleNumbers } from '../numbers';
import { reviewOpenTasks } from '../openTasks';
import { joinRecognised } from '../recognise';

export interface TakeDeps extends NumbersDeps {
  readonly stores: Pick<
    Stores,
    'contactActs' | 'contacts' | 'deliveries' | 'nameClaims' | 'runs' | 'waves'
  >;
}

/** `value` gives the row, or throws the coded error that says why it is none. */
export interface GivenRow {
  readonly row: number;
  readonly value: () => unknown;
}

export type ContactRowResult = {
  readonly row: number;
  readonly id?: string;
  /** Names that the row was taken without: another city's contact has them. */
  readonly waiting?: readonly NameClaim[];
} & (
  | { readonly outcome: Exclude<RowOutcome, 'no-city'> }
  | { readonly outcome: 'refused'; readonly error: CodedError }
  /** Another row of the same contact counts. */
  | { readonly outcome: 'repeated'; readonly by: number }
);

interface ReadRow {
  readonly row: number;
  readonly value: ImportRow;
}

/** Answers every row, in their order. The rights of the caller hold for each; of two rows of one contact the last counts. */
export async function takeContacts(
  deps: TakeDeps,
  caller: Claimant,
  rows: readonly GivenRow[],
  options: ImportOptions = {},
): Promise<readonly ContactRowResult[]> {
  const { read: named, malformed } = readRows(rows, deps.clock.now());
  const read = await asPresent(deps, named);
  const { counting, repeated } = lastOfEach(read);
  const { allowed, forbidden } = await permitted(deps, caller, counting);
  const values = allowed.map(({ value }) => value);
  const claims = await foreignClaims(deps, caller, values);
  if (!options.dryRun) await deps.stores.nameClaims.keep(claims);
  const written = await write(deps, allowed, claims, options);

  return [...malformed, ...repeated, ...forbidden, ...written].sort((a, b) => a.row - b.row);
}

function readRows(rows: readonly GivenRow[], now: number) {
  const read: ReadRow[] = [];
  const malformed: ContactRowResult[] = [];

  for (const { row, value } of rows) {
    try {
      read.push({ row, value: pastClaims(readImportRow(value()), now) });
    } catch (error) {
      malformed.push(refused(row, error));
    }
  }

  return { read, malformed };
}

/** Rows of a record that went into another contact are about that one. */
async function asPresent(
  { stores }: TakeDeps,
  rows: readonly ReadRow[],
): Promise<readonly ReadRow[]> {
  const kept = await stores.contacts.findMerged(rows.map(({ value }) => value.contactId));
  if (kept.size === 0) return rows;

  return rows.map(({ row, value }) => ({
    row,
    value: { ...value, contactId: kept.get(value.contactId) ?? value.contactId },
  }));
}

/** @throws the error itself when it is not the row's fault. */
function refused(row: number, error: unknown, id?: string): ContactRowResult {
  if (!isCodedError(error) || error.code === 'UNAVAILABLE') throw error;
  return { row, ...(id !== undefined && { id }), outcome: 'refused', error };
}

function lastOfEach(rows: readonly ReadRow[]) {
  const last = new Map(rows.map(({ row, value }) => [value.contactId, row]));
  const counting: ReadRow[] = [];
  const repeated: ContactRowResult[] = [];

  for (const each of rows) {
    const { row, value } = each;
    const by = last.get(value.contactId) ?? row;
    if (by === row) counting.push(each);
    else repeated.push({ row, id: value.contactId, outcome: 'repeated', by });
  }

  return { counting, repeated };
}

async function permitted(
  { stores }: TakeDeps,
  caller: Claimant,
  rows: readonly ReadRow[],
): Promise<{
  readonly allowed: readonly ReadRow[];
  readonly forbidden: readonly ContactRowResult[];
}> {
  if (caller.cities === undefined) return { allowed: rows, forbidden: [] };

  const known = await stores.contacts.findMany(rows.map(({ value }) => value.contactId));
  const cityOf = new Map(known.map((contact) => [contact.contactId, contact.city]));
  const allowed: ReadRow[] = [];
  const forbidden: ContactRowResult[] = [];

  for (const { row, value } of rows) {
    try {
      assertCity(caller, value.city);
      assertCity(caller, cityOf.get(value.contactId));
      allowed.push({ row, value });
    } catch (error) {
      forbidden.push(refused(row, error, value.contactId));
    }
  }

  return { allowed, forbidden };
}

async function write(
  deps: TakeDeps,
  rows: readonly ReadRow[],
  claims: readonly NameClaim[],
  options: ImportOptions,
): Promise<ContactRowResult[]> {
  const { stores, clock } = deps;
  const at = formatInstant(clock.now());
  const values = rows.map(({ value }) => ({
    ...withoutClaimed(value, claims),
    phoneClaimedAt: at,
  }));
  const outcomes = await stores.contacts.upsertMany(values, at, options);

  // Also those that are as they were: a crash may have come between an earlier write of the same row and this.
  const known = values.filter((_, i) => outcomes[i] === 'updated' || outcomes[i] === 'unchanged');
  if (!options.dryRun) {
    await reviewOpenTasks(deps, idsOf(known));
    await wakeRunsOf(deps, idsOf(known.filter(mayMove(options))), 'profile');
    await joinRecognised(deps, values);
    await settleNumbers(
      deps,
      values.flatMap(({ phone }) => phone ?? []),
    );
  }

  return rows.map(({ row, value: { contactId } }, i) => {
    const waiting = claims.filter((claim) => claim.contactId === contactId);
    const result = resultOf(row, contactId, outcomes[i]);
    return waiting.length === 0 ? result : { ...result, waiting };
  });
}

const idsOf = (rows: readonly ImportRow[]): string[] => rows.map(({ contactId }) => contactId);

/** A row that may have given its contact another time zone: runs that wait for a local time look again. */
const mayMove =
  ({ mode }: ImportOptions) =>
  (row: ImportRow): boolean =>
    mode === 'replace' || row.timezone !== undefined;

function resultOf(row: number, id: string, outcome: RowOutcome | undefined): ContactRowResult {
  if (outcome !== undefined && outcome !== 'no-city') return { row, id, outcome };

  const issue = { path: 'city', message: 'missing, and the contact is not known yet' };
  const error = new CodedError('INVALID_INPUT', `city: ${issue.message}`, [issue]);
  return { row, id, outcome: 'refused', error };
}
