// A proposed policy played over a whole ledger: rows are sorted by contact and each contact is played alone, in memory that
// does not grow with the ledger.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { snapshotsOf } from '../../rules/gate/policySnapshot';
import { createPolicyReplay, type PolicyReplayReport } from '../../rules/ledger/policyReplay';
import type { LedgerRow } from '../../rules/ledger/rows';
import { tellsKindsOfDays } from '../../rules/policy/cities';
import type { PolicyDocument } from '../../rules/policy/document.schema';
import { longestWindowHoursAnywhere } from '../../rules/policy/longestWindow';
import { unannouncedYears } from '../../rules/time/announced';
import { DAY_MS, HOUR_MS } from '../../rules/time/durations';
import type { Holidays } from '../../rules/time/holidays';
import { formatInstant, instantAt } from '../../rules/time/instant';
import { contactOfLine, rowsByContact } from '../proof/rowLines';
import { createSpill, type Limits, type Spill } from '../proof/spill';

export interface Played {
  readonly read: number;
  /** Rows of contacts that were played. */
  readonly played: number;
}

export interface PolicyReplayInput {
  /** All rows that may count, in any order, many at a time. */
  readonly rows: AsyncIterable<readonly LedgerRow[]>;
  readonly policy: PolicyDocument;
  readonly holidays: Holidays;
  /** The last days to play; what is older is history. They end at `until` (ISO), or at the newest row. */
  readonly days: number;
  readonly until?: string;
  readonly progress?: (played: Played) => void;
  readonly signal?: AbortSignal;
  readonly limits?: Limits;
}

/**
 * 3 MB of pieces, which are written before the garbage collector takes them for long-lived, and 100 MB of rows; up to
 * 2 million touches take one pass through the disk.
 */
const LIMITS: Limits = { buckets: 48, pieceLength: 64 * 1024, heldLength: 24 * 1024 * 1024 };

const PROGRESS_ROWS = 10_000;
/** Rows played in one go; others on the same thread have their turn in between. */
const TURN_ROWS = 500;

/** @throws the signal's reason once it is aborted. */
export async function runPolicyReplay(input: PolicyReplayInput): Promise<PolicyReplayReport> {
  const folder = await mkdtemp(join(tmpdir(), 'sopflow-policyReplay-'));

  try {
    const spill = createSpill(folder, contactOfLine(), input.limits ?? LIMITS);
    const rows = await readRows(input, spill);
    return await playRows(input, spill, rows);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface RowsToPlay {
  readonly read: number;
  /** ISO: the newest `at` among them; empty when there are none. */
  readonly newest: string;
}

async function readRows(input: PolicyReplayInput, spill: Spill): Promise<RowsToPlay> {
  let read = 0;
  let newest = '';

  for await (const rows of input.rows) {
    for (const row of rows) {
      if (row.at > newest) newest = row.at;
      await spill.add(row.contactId, JSON.stringify(whatIsPlayed(row)));
    }

    read += rows.length;
    reportProgress(input, { read, played: 0 });
  }

  return { read, newest };
}

async function playRows(
  input: PolicyReplayInput,
  spill: Spill,
  { read, newest }: RowsToPlay,
): Promise<PolicyReplayReport> {
  const policyReplay = createPolicyReplay({
    proposalFor: snapshotsOf(input.policy, input.holidays),
    ...playedFrom(input, newest),
  });
  let played = 0;
  let turn = 0;

  for await (const lines of spill.buckets())
    for (const { rows } of rowsByContact(lines).values()) {
      policyReplay.play(rows);

      const before = played;
      played += rows.length;
      if (isProgress(before, played)) reportProgress(input, { read, played });

      turn += rows.length;
      if (turn < TURN_ROWS) continue;

      turn = 0;
      input.signal?.throwIfAborted();
      await breathe();
    }

  reportProgress(input, { read, played });
  return { ...policyReplay.report(), ...withoutHolidays(input, newest) };
}

/** The years that had to be judged by weekends alone. */
function withoutHolidays(
  input: PolicyReplayInput,
  newest: string,
): Pick<PolicyReplayReport, 'unannounced'> {
  const until = input.until ?? newest;
  const { from } = playedFrom(input, newest);
  if (from === undefined || !tellsKindsOfDays(input.policy)) return {};

  const [first, last] = [from, until].map((iso) => Number(iso.slice(0, 4)));
  const years = unannouncedYears({ days: input.holidays }, first ?? 0, last ?? 0);
  return years.length === 0 ? {} : { unannounced: years.map(({ year }) => year) };
}

/** A ledger without rows has no last days. */
function playedFrom(
  { days, until: asked }: PolicyReplayInput,
  newest: string,
): { readonly from?: string } {
  const until = asked ?? newest;
  if (until === '') return {};

  return { from: formatInstant(instantAt(until, 'until') - days * DAY_MS) };
}

function isProgress(before: number, after: number): boolean {
  return Math.floor(after / PROGRESS_ROWS) > Math.floor(before / PROGRESS_ROWS);
}

function reportProgress({ signal, progress }: PolicyReplayInput, played: Played): void {
  signal?.throwIfAborted();
  progress?.(played);
}

/** Rows of a store in pieces. */
export async function* inPieces(
  rows: AsyncIterable<LedgerRow>,
): AsyncGenerator<readonly LedgerRow[]> {
  let piece: LedgerRow[] = [];
  for await (const row of rows) {
    piece.push(row);
    if (piece.length < PIECE_ROWS) continue;
    yield piece;
    piece = [];
  }

  yield piece;
}

const PIECE_ROWS = 500;

/** The instant (ISO) from which rows can still count for the last days before `until`: windows and deferrals reach back. */
export function readSince(policy: PolicyDocument, days: number, until: number): string {
  const hours = longestWindowHoursAnywhere(policy) + LONGEST_DEFERRAL_HOURS;
  return formatInstant(until - days * DAY_MS - hours * HOUR_MS);
}

/** What began longer ago than this and still waits is taken for new. */
const LONGEST_DEFERRAL_HOURS = 7 * 24;

/** What a replay reads, without the explanation above all: a third of a row. Field by field, which costs half of a copy. */
function whatIsPlayed(row: LedgerRow): object {
  const { kind, touchId, contactId, channel, at, revision } = row;
  if (row.kind === 'settlement') {
    const { settled, acceptedAt, deliveredAt } = row;
    return { kind, touchId, contactId, channel, at, revision, settled, acceptedAt, deliveredAt };
  }

  const { attempt, city, class: touchClass, category, campaign, product, staffId, expiresAt } = row;
  const { verdict, reason, rule, until, basis, settleBy } = row;

  // biome-ignore format: one line a group, as above
  return {
    kind, touchId, contactId, channel, at, revision, attempt, city, class: touchClass, category, campaign, product,
    staffId, expiresAt, verdict, reason, rule, until, basis, settleBy, explain: [],
  };
}
