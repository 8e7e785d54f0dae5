// The rows before an instant contact by contact, each with where its ledger begins now.

import { CodedError } from '../../rules/base/errors';
import type { Beginning } from '../../rules/ledger/archive/beginning';
import type { LedgerRow } from '../../rules/ledger/rows';
import { groupOf, type Pseudonyms } from '../../rules/ledger/subject';
import type { ArchiveDeps } from './deps';

/** Contacts whose beginnings are read in one go. */
const PAGE = 200;

export interface ArchivableContact {
  /** The pseudonym. */
  readonly contactId: string;
  readonly rows: readonly LedgerRow[];
  readonly before?: Beginning;
}

/** Archives know contacts by their pseudonyms alone. @throws CodedError CONFLICT naming the setting that is missing */
export function pseudonymsFor({ key }: Pick<ArchiveDeps, 'key'>): Pseudonyms {
  if (key?.subjectOf) return key.subjectOf;

  const allowed = 'at least 16 characters, with SOPFLOW_LEDGER_KEYS';
  throw new CodedError('CONFLICT', 'nothing can be archived without SOPFLOW_PSEUDONYM_KEY', [
    { path: 'SOPFLOW_PSEUDONYM_KEY', message: 'not set', allowed },
  ]);
}

/** In pages, so that few questions are asked and few contacts are in memory. */
export async function* contactsBefore(
  deps: ArchiveDeps,
  until: string,
): AsyncGenerator<readonly ArchivableContact[]> {
  const { archives } = deps.stores;
  const latest = (await archives.latest())?.until;
  let page: Omit<ArchivableContact, 'before'>[] = [];

  for await (const contact of groups(archives.rowsBefore(until), pseudonymsFor(deps))) {
    page.push(contact);
    if (page.length < PAGE) continue;
    yield await withBeginnings(deps, page, latest);
    page = [];
  }
  if (page.length > 0) yield await withBeginnings(deps, page, latest);
}

async function* groups(
  rows: AsyncIterable<LedgerRow>,
  subjectOf: Pseudonyms,
): AsyncGenerator<Omit<ArchivableContact, 'before'>> {
  let own: { readonly id: string; readonly rows: LedgerRow[] } | undefined;

  for await (const row of rows) {
    if (row.contactId !== own?.id) {
      if (own) yield* byLife(own.rows, subjectOf);
      own = { id: row.contactId, rows: [] };
    }
    own.rows.push(row);
  }
  if (own) yield* byLife(own.rows, subjectOf);
}

/** Whoever was forgotten and came back has a chain of each life. */
function byLife(
  rows: readonly LedgerRow[],
  subjectOf: Pseudonyms,
): readonly Omit<ArchivableContact, 'before'>[] {
  const lives = new Map<string, LedgerRow[]>();
  for (const row of rows) {
    const subject = groupOf(row, subjectOf);
    const own = lives.get(subject);
    if (own) own.push(row);
    else lives.set(subject, [row]);
  }
  return [...lives].map(([contactId, own]) => ({ contactId, rows: own }));
}

async function withBeginnings(
  { stores: { archives } }: ArchiveDeps,
  page: readonly Omit<ArchivableContact, 'before'>[],
  latest: string | undefined,
): Promise<readonly ArchivableContact[]> {
  if (latest === undefined) return page;

  const ids = page.map(({ contactId }) => contactId);
  const found = await archives.beginningsOf(ids, latest);
  const byId = new Map(found.map((beginning) => [beginning.contactId, beginning]));

  return page.map((contact) => {
    const before = byId.get(contact.contactId);
    return before ? { ...contact, before } : contact;
  });
}
