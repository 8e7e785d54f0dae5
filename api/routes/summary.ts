// The whole deployment in one read, and the ledger as it is exported.

import { Readable } from 'node:stream';
import { z } from 'zod';
import type { LedgerRow } from '../../rules/ledger/rows';
import * as answers from '../answers';
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
    runs: z.array(z.looseObject({ journey: z.string(), state: z.string(), count })),
    ledger: z.array(z.looseObject({ kind: z.string(), name: z.string(), count })),
    orders: answers.anything,
  }),
  async handle({ deps: { stores } }) {
    const [contacts, inbox, runs, ledger, orders] = await Promise.all([
      stores.contacts.count(),
      stores.inbox.depth(),
      stores.runs.totals(),
      stores.touches.totals(),
      stores.orders.totals(),
    ]);
    return { body: { contacts, inbox, runs, ledger, orders } };
  },
});

export const exportLedger = endpoint({
  summary: ['导出触达台账（JSONL，按时间）', 'The ledger as JSONL in order of time'],
  everyCity: true,
  answerType: 'application/x-ndjson',
  handle: ({ deps }) => ({
    type: 'application/x-ndjson',
    stream: Readable.from(lines(deps.stores.touches.export())),
  }),
});

async function* lines(rows: AsyncIterable<LedgerRow>): AsyncIterable<string> {
  for await (const row of rows) yield `${JSON.stringify(row)}\n`;
}
