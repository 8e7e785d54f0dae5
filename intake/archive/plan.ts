// How much of the ledger can be archived: whole hours that are sealed, of which nothing is open, and of which the gate needs nothing.

import { CodedError } from '../../rules/base/errors';
import { versionRef } from '../../rules/base/ids';
import {
  outOfOrder,
  type UnfinishedTouch,
  unfinishedTouches,
} from '../../rules/ledger/archive/archivable';
import { hourOf, hoursLater, LATE_HOURS } from '../../rules/ledger/seal/seal';
import { longestWindowHoursAnywhere } from '../../rules/policy/longestWindow';
import { DAY_MS, HOUR_MS } from '../../rules/time/durations';
import { formatInstant } from '../../rules/time/instant';
import { type ArchivableContact, contactsBefore, pseudonymsFor } from './contacts';
import type { ArchiveDeps } from './deps';

/** Receipts and the channels' books are no older, whatever the policies count. */
const KEPT_HOURS = (7 * DAY_MS) / HOUR_MS;

/** Rows of one file: each step of an archive takes minutes at most, whatever the age of the ledger. */
const FILE_ROWS = 500_000;

/** Why the hours from `until` on stay; of `file-full` only until the next archive. */
export interface ArchiveHold {
  readonly why:
    | 'not-sealed'
    | 'counted'
    | 'file-full'
    | 'late-rows'
    | 'open-touch'
    | 'out-of-order';
  /** ISO. */
  readonly until: string;
  /** Of `counted`: the policy that looks back furthest, and how far. */
  readonly policy?: string;
  readonly hours?: number;
  /** Of `open-touch` and `out-of-order`. */
  readonly touchId?: string;
}

export interface ArchivePlan {
  /** ISO, the start of an hour: what was asked for. */
  readonly before: string;
  /** ISO: what can be archived are the rows before it. Null: none. */
  readonly until: string | null;
  /** ISO: where the archive before ends. */
  readonly after?: string;
  readonly hours: number;
  readonly rows: number;
  readonly contacts: number;
  /** Rows from before there were pseudonyms: the file names their contacts. */
  readonly named: number;
  /** Rows that stay in the ledger. */
  readonly remaining: number;
  /** Why it is less than was asked for; each moved the end further back. */
  readonly holds: readonly ArchiveHold[];
}

/**
 * Changes nothing.
 * @param before ISO: rows before its hour are asked for.
 * @throws CodedError CONFLICT where there are no pseudonyms, or an archive is still being removed
 */
export async function planArchive(
  deps: ArchiveDeps,
  before: string,
  fileRows = FILE_ROWS,
): Promise<ArchivePlan> {
  pseudonymsFor(deps);
  const { archives, touches } = deps.stores;
  const latest = await archives.latest();
  if (latest?.state === 'removing')
    throw new CodedError('CONFLICT', `the archive until ${latest.until} is still being removed`);

  const asked = hourOf(before);
  const total = (await touches.totals()).reduce((sum, { count }) => sum + count, 0);
  const first = latest?.until ?? (await firstSealedHour(deps));
  const found = await lastEnd(deps, { first: first ?? asked, asked, fileRows });

  const common = { before: asked, ...(latest && { after: latest.until }), holds: found.holds };
  if (first === undefined || found.until <= first) {
    const nothing = { until: null, hours: 0, rows: 0, contacts: 0, named: 0 };
    return { ...common, ...nothing, remaining: total };
  }

  const hours = (Date.parse(found.until) - Date.parse(first)) / HOUR_MS;
  const { until, rows, contacts, named } = found;
  return { ...common, until, hours, rows, contacts, named, remaining: total - rows };
}

async function firstSealedHour({ stores: { seals } }: ArchiveDeps): Promise<string | undefined> {
  for await (const { hour } of seals.export()) return hour;
  return undefined;
}

interface Scan {
  readonly rows: number;
  readonly contacts: number;
  readonly named: number;
  /** The one that holds most back. */
  readonly hold: ArchiveHold | null;
}

interface FoundEnd extends Omit<Scan, 'hold'> {
  readonly until: string;
  readonly holds: readonly ArchiveHold[];
}

interface Hours {
  /** ISO, starts of hours. */
  readonly first: string;
  readonly asked: string;
  readonly fileRows: number;
}

/** Goes back from hold to hold until nothing holds any more. */
async function lastEnd(deps: ArchiveDeps, { first, asked, fileRows }: Hours): Promise<FoundEnd> {
  const holds: ArchiveHold[] = [];
  let until = asked;
  const goBack = (hold: ArchiveHold | null): void => {
    if (!hold || hold.until >= until) return;
    holds.push(hold);
    until = hold.until;
  };

  goBack(await heldBySeals(deps, first));
  goBack(await heldByPolicies(deps));
  goBack(await heldByLength(deps, { first, until, fileRows }));

  for (;;) {
    goBack(await heldByLateRows(deps, until, first));
    if (until <= first) return { until, holds, rows: 0, contacts: 0, named: 0 };

    const { hold, ...counts } = await scan(deps, until);
    if (!hold) return { until, holds, ...counts };
    goBack(hold);
  }
}

/** Whatever comes late to an hour is sealed with one of the next. */
async function heldBySeals(
  { stores: { seals } }: ArchiveDeps,
  first: string,
): Promise<ArchiveHold> {
  const latest = await seals.latest();
  const until = latest ? hoursLater(latest.hour, 1 - LATE_HOURS) : first;
  return { why: 'not-sealed', until };
}

/** Of every version that was ever published: a run goes on with the one that it began with. */
async function heldByPolicies({ stores: { policies }, clock }: ArchiveDeps): Promise<ArchiveHold> {
  let longest: { hours: number; policy?: string } = { hours: KEPT_HOURS };

  for (const { id } of await policies.list())
    for (const { state, version, body } of await policies.versions(id)) {
      const hours = state === 'published' ? longestWindowHoursAnywhere(body) : 0;
      if (hours > longest.hours) longest = { hours, policy: versionRef(id, version) };
    }

  const until = hourOf(formatInstant(clock.now() - longest.hours * HOUR_MS));
  return { why: 'counted', until, ...longest };
}

/** By what the seals say of each hour; an hour alone is never too long. */
async function heldByLength(
  { stores: { seals } }: ArchiveDeps,
  {
    first,
    until,
    fileRows,
  }: { readonly first: string; readonly until: string; readonly fileRows: number },
): Promise<ArchiveHold | null> {
  let rows = 0;
  for (let hour = first; hour < until; hour = hoursLater(hour, 1)) {
    rows += (await seals.find(hour))?.rows ?? 0;
    if (rows > fileRows && hour > first) return { why: 'file-full', until: hour };
  }
  return null;
}

/** A row that was sealed with a later hour than its own must not be parted from its seal. */
async function heldByLateRows(
  { stores: { seals } }: ArchiveDeps,
  until: string,
  first: string,
): Promise<ArchiveHold | null> {
  for (let end = until; end > first; end = hoursLater(end, -1)) {
    const following = Array.from({ length: LATE_HOURS }, (_, i) => seals.find(hoursLater(end, i)));
    const isClean = (await Promise.all(following)).every((seal) => (seal?.late ?? 0) === 0);
    if (isClean) return end === until ? null : { why: 'late-rows', until: end };
  }
  return { why: 'late-rows', until: first };
}

async function scan(deps: ArchiveDeps, until: string): Promise<Scan> {
  let rows = 0;
  let contacts = 0;
  let named = 0;
  let hold: ArchiveHold | null = null;

  for await (const page of contactsBefore(deps, until))
    for (const contact of page) {
      rows += contact.rows.length;
      contacts += 1;
      named += contact.rows.filter(({ subject }) => subject === undefined).length;
      const found = await heldByContact(deps, contact, until);
      if (found && (!hold || found.until < hold.until)) hold = found;
    }

  return { rows, contacts, named, hold };
}

async function heldByContact(
  deps: ArchiveDeps,
  { rows, before }: ArchivableContact,
  until: string,
): Promise<ArchiveHold | null> {
  const now = formatInstant(deps.clock.now());
  const open = await stillOpen(deps, rows, unfinishedTouches(rows, now), { until, now });
  const [first] = open.toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const byTouch: ArchiveHold | null = first
    ? { why: 'open-touch', touchId: first.touchId, until: hourOf(first.at) }
    : null;
  const byOrder = outOfOrder(rows, before);

  if (!byTouch || !byOrder) return byTouch ?? byOrder;
  return byTouch.until <= byOrder.until ? byTouch : byOrder;
}

/** What ended after the hours that are asked for is over, too. */
async function stillOpen(
  { stores: { touches } }: ArchiveDeps,
  rows: ArchivableContact['rows'],
  open: readonly UnfinishedTouch[],
  { until, now }: { readonly until: string; readonly now: string },
): Promise<readonly UnfinishedTouch[]> {
  const contactId = rows[0]?.contactId;
  if (open.length === 0 || contactId === undefined) return [];

  const later = await touches.timeline(contactId, until);
  const known = new Set(open.map(({ touchId }) => touchId));
  const own = [...rows, ...later].filter(({ touchId }) => known.has(touchId));
  return unfinishedTouches(own, now);
}
