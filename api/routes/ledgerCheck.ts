// The proof of the ledger over HTTP: violations as they are found, and at the end one line that says that it is the end.

import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Library } from '../../ports/library';
import type { Stores } from '../../ports/stores';
import { ledgerLines, linesOfContact } from '../../reports/ledgerLines';
import { type Check, checkLedger } from '../../reports/proof/check';
import type { Versions } from '../../reports/proof/policyHistory';
import type { LedgerLine } from '../../reports/proof/rows';
import { id, utc } from '../../rules/input/input.schema';
import { strict } from '../../rules/input/shape.schema';
import { SETTLE_GRACE_MS } from '../../rules/ledger/grace';
import { endpoint } from '../exchange';

export const ledgerCheck = endpoint({
  summary: [
    '核查触达台账：逐行输出违规，末行为汇总（JSONL）',
    'Proves the ledger: a violation a line, and the summary on the last (JSONL)',
  ],
  everyCity: true,
  query: strict({
    since: utc.exactOptional(),
    until: utc.exactOptional(),
    contact: id.exactOptional(),
    /** Also lines that say how far it is. */
    progress: z.enum(['true', 'false']).exactOptional(),
  }),
  answerType: 'application/x-ndjson',
  handle({ deps: { stores, clock, ledgerKeys }, query: { since, until, contact, progress } }) {
    const { subjectOf } = ledgerKeys;
    const again = (contactId: string) => linesOfContact(stores, contactId, subjectOf);
    async function* ofContact(contactId: string): AsyncIterable<LedgerLine> {
      yield* await again(contactId);
    }
    const check: Check = {
      rows: contact === undefined ? ledgerLines(stores) : ofContact(contact),
      versions: versionsIn(stores),
      horizon: new Date(clock.now() - SETTLE_GRACE_MS).toISOString(),
      ledgerKeys,
      since,
      until,
      contactId: contact,
      again,
    };

    return {
      type: 'application/x-ndjson',
      stream: Readable.from(lines(check, progress === 'true')),
    };
  },
});

function versionsIn({ policies, holidays }: Stores): Versions {
  const published = async <T>(
    library: Library<T>,
    id: string,
    version: number,
  ): Promise<T | null> => {
    const found = await library.find(id, version);
    return found?.state === 'published' ? found.body : null;
  };

  return {
    policy: (id, version) => published(policies, id, version),
    holidays: (id, version) => published(holidays, id, version),
  };
}

async function* lines(check: Check, progress: boolean): AsyncGenerator<string> {
  for await (const finding of checkLedger(check))
    if (progress || !('progress' in finding)) yield `${JSON.stringify(finding)}\n`;
}
