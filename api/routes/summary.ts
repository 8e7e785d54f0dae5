// The whole deployment in one read, and the ledger as it is exported.

import { Readable } from 'node:stream';
import { z } from 'zod';
import { ledgerLines } from '../../reports/ledgerLines';
import type { LedgerLine } from '../../reports/proof/rows';
import { foundIn } from '../../rules/ledger/bookReport';
import * as answers from '../answers';
import { countOverdue, reportsOfTheDay } from '../bookMetrics';
import { endpoint } from '../exchange';

const count = z.int();

export const summary = endpoint({
  summary: [
    '总览：旅程、台账、订单、客户与收件箱',
    'Runs, ledger, orders, contacts and inbox in figures',
  ],
  everyCity: true,
  answer: z.object({
    contacts: count,
    inbox: count,
    parked: count,
    runs: z.array(z.looseObject({ journey: z.string(), state: z.string(), count })),
    ledger: z.array(z.looseObject({ kind: z.string(), name: z.string(), count })),
    orders: answers.anything,
    /** Contacts with a touch that nobody settled in time. */
    overdue: count,
    /** What reapers and reconciles of the last day have found, by kind. */
    differences: z.record(z.string(), count),
  }),
  async handle({ deps: { stores, clock } }) {
    const [contacts, inbox, parked, runs, ledger, orders, overdue, reports] = await Promise.all([
      stores.contacts.count(),
      stores.inbox.count('pending'),
      stores.inbox.count('parked'),
      stores.runs.totals(),
      stores.touches.totals(),
      stores.orders.totals(),
      countOverdue(stores, clock),
      reportsOfTheDay(stores, clock),
    ]);
    const differences = foundIn(reports);
    return { body: { contacts, inbox, parked, runs, ledger, orders, overdue, differences } };
  },
});

export const exportLedger = endpoint({
  summary: [
    '导出触达台账（JSONL，按时间；归档后先列归档与各客户的起点）',
    'The ledger as JSONL in order of time; of one with archives, first these and where contacts begin',
  ],
  everyCity: true,
  answerType: 'application/x-ndjson',
  handle: ({ deps }) => ({
    type: 'application/x-ndjson',
    stream: Readable.from(lines(ledgerLines(deps.stores))),
  }),
});

async function* lines(rows: AsyncIterable<LedgerLine>): AsyncIterable<string> {
  for await (const row of rows) yield `${JSON.stringify(row)}\n`;
}
