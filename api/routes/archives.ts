// Archives of the ledger over HTTP: how much can be archived, the lines of the file, its confirmation, and what was archived before.

import { Readable } from 'node:stream';
import { z } from 'zod';
import { confirmArchive } from '../../intake/archive/confirm';
import type { ArchiveDeps } from '../../intake/archive/deps';
import { archiveLines } from '../../intake/archive/lines';
import { planArchive } from '../../intake/archive/plan';
import { removeArchived } from '../../intake/archive/remove';
import { CodedError } from '../../rules/base/errors';
import { reasonGiven, utc } from '../../rules/input/input.schema';
import { date, strict, text } from '../../rules/input/shape.schema';
import { hourOf, hoursLater } from '../../rules/ledger/seal/seal';
import { dateAt } from '../../rules/time/anchors';
import { parseDate } from '../../rules/time/civil';
import { formatInstant, parseInstant } from '../../rules/time/instant';
import type { ApiDeps } from '../deps';
import { endpoint } from '../exchange';
import { unknown } from '../scope';

const archive = z.object({
  kind: z.literal('archive'),
  number: z.number(),
  until: z.string(),
  hours: z.number(),
  rows: z.number(),
  contacts: z.number(),
  file: z.string(),
  seal: z.string(),
  beginnings: z.string(),
  previous: z.string(),
  by: z.string(),
  reason: z.string(),
  at: z.string(),
  key: z.string().optional(),
  code: z.string(),
  state: z.enum(['removing', 'removed']),
  removedAt: z.string().optional(),
});
const plan = z.object({
  before: z.string(),
  until: z.string().nullable(),
  after: z.string().optional(),
  hours: z.number(),
  rows: z.number(),
  contacts: z.number(),
  named: z.number(),
  remaining: z.number(),
  holds: z.array(
    z.object({
      why: z.enum([
        'not-sealed',
        'counted',
        'file-full',
        'late-rows',
        'open-touch',
        'out-of-order',
      ]),
      until: z.string(),
      policy: z.string().optional(),
      hours: z.number().optional(),
      touchId: z.string().optional(),
    }),
  ),
});

const archiveDeps = ({ stores, clock, ledgerKeys }: ApiDeps): ArchiveDeps => ({
  stores,
  clock,
  key: ledgerKeys.current,
});

export const archiveLedger = endpoint({
  summary: [
    '台账归档：先给出计划；附上已写好的文件后确认（需理由，留痕）',
    'Archive the ledger: its plan; with a file that is written, its confirmation, for a reason that is kept',
  ],
  everyCity: true,
  body: strict({
    /** Rows before its hour; a date begins at midnight of the deployment's zone. */
    before: z.union([date, utc]),
    /** Absent: only the plan is asked for. */
    confirm: strict({ file: text, seal: text, reason: reasonGiven }).exactOptional(),
  }),
  answer: z.union([plan, archive]),
  async handle({ deps, caller, body: { before, confirm } }) {
    const until = instantIn(before, deps.timezone);
    if (!confirm) return { body: await planArchive(archiveDeps(deps), until) };

    const { reason, ...written } = confirm;
    const asked = { by: caller.name, reason };
    const kept = await confirmArchive(archiveDeps(deps), { until, ...written }, asked);
    return { status: 202, body: kept };
  },
});

const instantIn = (before: string, zone: string): string =>
  Number.isNaN(parseDate(before)) ? before : formatInstant(dateAt(before, '00:00', zone));

/** @throws CodedError INVALID_INPUT naming what an archive is asked for by */
function untilIn({ until = '' }: Readonly<Record<string, string>>): string {
  const at = parseInstant(until);
  if (!Number.isNaN(at)) return formatInstant(at);

  throw new CodedError('INVALID_INPUT', `until: "${until}" is no instant`, [
    { path: 'until', message: 'no instant', value: until, allowed: '2026-03-01T00:00:00Z' },
  ]);
}

export const archiveFile = endpoint({
  summary: [
    '待确认归档的文件内容（JSONL）',
    'The lines of an archive that is to be confirmed (JSONL)',
  ],
  everyCity: true,
  answerType: 'application/x-ndjson',
  async handle({ deps, params }) {
    const until = untilIn(params);
    if (await deps.stores.archives.find(until))
      throw new CodedError(
        'CONFLICT',
        `the archive until ${until} is confirmed: its file has its rows`,
      );

    // Whether it may be archived is asked before, and again by its confirmation: each takes a walk over the ledger.
    if (!(await deps.stores.seals.find(hoursLater(hourOf(until), -1))))
      throw new CodedError('CONFLICT', `the hours until ${until} are not sealed`);

    return {
      type: 'application/x-ndjson',
      stream: Readable.from(ended(archiveLines(archiveDeps(deps), until))),
    };
  },
});

async function* ended(lines: AsyncIterable<string>): AsyncIterable<string> {
  for await (const line of lines) yield `${line}\n`;
}

export const removeRows = endpoint({
  summary: [
    '移除已确认归档的台账行，分批进行，可重复请求',
    'Take rows of a confirmed archive out of the ledger; asked again it goes on',
  ],
  everyCity: true,
  answer: z.object({ archive, removed: z.number() }),
  handle: async ({ deps, params }) => {
    const until = untilIn(params);
    const removal = await removeArchived(archiveDeps(deps), until);
    return { status: removal.archive.state === 'removed' ? 200 : 202, body: removal };
  },
});

export const listArchives = endpoint({
  summary: ['台账归档列表', 'Archives of the ledger, the oldest first'],
  everyCity: true,
  answer: z.object({ items: z.array(archive) }),
  handle: async ({ deps }) => ({ body: { items: await deps.stores.archives.list() } }),
});

export const showArchive = endpoint({
  summary: ['一次台账归档', 'An archive of the ledger, by where it ends'],
  everyCity: true,
  answer: archive,
  async handle({ deps, params }) {
    const until = untilIn(params);
    const found = await deps.stores.archives.find(until);
    if (!found) throw unknown('archive', until);
    return { body: found };
  },
});
