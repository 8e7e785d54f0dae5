// What a look into the channels' own records found that ours did not say, counted part by part.

/** What is read back, in this order: what the customer received comes first. */
export const BOOK_PARTS = ['mass-sends', 'sms', 'crm', 'iop', 'relations', 'leads'] as const;

/** What is looked at every few minutes: touches past their time, and mass sends that nobody of us knows. */
export const REAP_PARTS = ['touches', 'strays'] as const;

/** What a reconcile reads back unless it is told otherwise: a weekend's outage is within them. */
export const RECONCILE_DAYS = 3;

/** WeCom lists mass sends of a month at most, whichever month it is. */
export const MAX_RECONCILE_DAYS = 28;

export type BookPart = (typeof BOOK_PARTS)[number] | (typeof REAP_PARTS)[number];

export type Difference =
  /** A touch past its time: settled as sent, for the channel says so. */
  | 'reaped-sent'
  /** A touch past its time that reached nobody: its slot is free again. */
  | 'reaped-released'
  /** The channel delivered what our ledger did not call sent. */
  | 'delivery-learnt'
  /** Our ledger said sent, the channel says that it was not. */
  | 'delivery-denied'
  /** A second message of a touch, cancelled before staff had confirmed it. */
  | 'message-cancelled'
  /** A second message of a touch that the customer has received. */
  | 'message-repeated'
  /** A message made through the API of the corp, but not by us. */
  | 'message-unknown'
  | 'relation-made'
  | 'relation-ended'
  /** A receipt, answer, order or call result that never arrived. */
  | 'callback-missed'
  | 'lead-missed'
  /** A record that does not fit the contract: passed over. */
  | 'unreadable'
  /** The channel may still take the touch: it is left for the next look. */
  | 'in-doubt'
  /** The channel could not be asked: left for the next look. */
  | 'unanswered';

export type Differences = Readonly<Partial<Record<Difference, number>>>;

/** What one page of a look came to. */
export interface BookPage {
  /** Records of the other side, or touches, that were compared. */
  readonly looked: number;
  readonly found: Differences;
}

export interface PartReport extends BookPage {
  readonly pages: number;
  /** `failed`: the system could not be read to the end; `failure` is the code. */
  readonly state: 'running' | 'done' | 'failed';
  readonly failure?: string;
}

export interface BookReport {
  readonly reportId: string;
  readonly flow: 'reap' | 'reconcile';
  /** ISO: what happened in between was compared. */
  readonly from?: string;
  readonly to?: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly parts: Readonly<Record<string, PartReport>>;
}

const EMPTY: PartReport = { pages: 0, looked: 0, found: {}, state: 'running' };

/** The report with one more page of a part. */
export function withPage(report: BookReport, part: BookPart, page: BookPage): BookReport {
  const before = report.parts[part] ?? EMPTY;
  const after = {
    ...before,
    pages: before.pages + 1,
    looked: before.looked + page.looked,
    found: sumOf([before.found, page.found]),
  };
  return { ...report, parts: { ...report.parts, [part]: after } };
}

/** The report with a part that has come to its end; `failure`: before it. */
export function withEnd(report: BookReport, part: BookPart, failure?: string): BookReport {
  const before = report.parts[part] ?? EMPTY;
  const after: PartReport =
    failure === undefined ? { ...before, state: 'done' } : { ...before, state: 'failed', failure };
  return { ...report, parts: { ...report.parts, [part]: after } };
}

/** Differences of all parts of all reports. */
export const foundIn = (reports: readonly BookReport[]): Differences =>
  sumOf(reports.flatMap(({ parts }) => Object.values(parts).map(({ found }) => found)));

/** Kind by kind. */
export function sumOf(all: readonly Differences[]): Differences {
  const sum: Partial<Record<Difference, number>> = {};
  for (const found of all)
    for (const [kind, count] of Object.entries(found) as [Difference, number][])
      sum[kind] = (sum[kind] ?? 0) + count;
  return sum;
}

/** How often each came. */
export const counted = (kinds: readonly Difference[]): Differences =>
  sumOf(kinds.map((kind) => ({ [kind]: 1 })));
