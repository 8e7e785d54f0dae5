// Sequences: contacts are let in by hand or by another system, and everybody who was let in or refused is listed and counted.

import { z } from 'zod';
import { enterSequence } from '../../intake/sequences/door';
import type { EntryAnswer } from '../../ports/sequenceDoor';
import type { SequenceEntry } from '../../ports/sequenceEntries';
import { parseVersionRef } from '../../rules/base/ids';
import type { Contact } from '../../rules/contact/contact';
import { pastInstant } from '../../rules/contact/pastInstant';
import { id, utc } from '../../rules/input/input.schema';
import { strict } from '../../rules/input/shape.schema';
import { type EntryReason, SEQUENCE_ENTRY_STATES } from '../../rules/journey/reentry';
import { sequenceNumbers } from '../../rules/sequence/numbers';
import { formatInstant } from '../../rules/time/instant';
import { localDate } from '../../rules/time/localDate';
import { entryReasonWords } from '../../rules/words/sequenceEntry';
import * as answers from '../answers';
import type { ApiDeps } from '../deps';
import { type Exchange, endpoint } from '../exchange';
import { page, pageQuery } from '../paging';
import { allows, scopeOf, unknown } from '../scope';

const MAX_CONTACTS = 500;

const phrase = z.object({ zh: z.string(), en: z.string() });
const started = z.looseObject({
  contactId: z.string(),
  status: z.enum(['started', 'repeated', 'refused']),
  workflowId: z.string().optional(),
  link: z.string().optional(),
  reason: z.string().optional(),
  words: phrase.optional(),
});
const entry = z.looseObject({
  entryId: z.string(),
  sequence: z.string(),
  contactId: z.string(),
  city: z.string(),
  occasion: z.string(),
  at: z.string(),
  state: z.enum(SEQUENCE_ENTRY_STATES),
  reason: z.string().optional(),
  words: phrase.optional(),
  outcome: z.string().optional(),
  link: z.string().optional(),
});

const counts = z.record(z.string(), z.int());
const versionNumbers = z.object({
  version: z.int(),
  underWay: z.int(),
  ended: counts,
  refused: counts,
  steps: z.array(z.object({ step: z.string(), states: counts, reasons: counts, tasks: counts })),
});
const step = z.looseObject({
  stepId: z.string(),
  step: z.string(),
  state: z.enum(['due', 'done', 'late', 'skipped', 'missed']),
  reason: z.string().optional(),
  dueAt: z.string(),
  at: z.string(),
});

export const startSequence = endpoint({
  summary: [
    '将客户加入 SOP 序列（逐个回答：已启动、已在、被拒及原因）',
    'Let contacts into a sequence; each is started, repeated or refused with the reason',
  ],
  body: strict({
    contactIds: z.array(id).min(1).max(MAX_CONTACTS),
    /** Names why; absent: the local date, so that asking again on the same day is harmless. */
    occasion: id.exactOptional(),
    /** ISO: days of steps count from its local date; absent: now. */
    at: utc.exactOptional(),
    staffId: id.exactOptional(),
  }),
  answer: z.object({
    items: z.array(started),
    started: z.int(),
    repeated: z.int(),
    refused: z.int(),
  }),
  async handle({ deps, caller, params, body }) {
    const { contactIds, occasion, staffId } = body;
    const version = await deps.stores.sequences.current(params.id ?? '');
    if (!version) throw unknown('published sequence', params.id ?? '');

    const now = formatInstant(deps.clock.now());
    const at = pastInstant(body.at ?? now, deps.clock.now(), 'at');
    const items: z.infer<typeof started>[] = [];
    for (const contactId of new Set(contactIds)) {
      const contact = await deps.stores.contacts.find(contactId, scopeOf(caller));
      if (!contact) {
        items.push(refusal(contactId, 'unknown-contact'));
        continue;
      }
      const why = occasion ?? `asked-${localDate(at, zoneOf(deps, contact))}`;
      const answer = await enterSequence(deps, version, contact, { occasion: why, at, staffId });
      items.push(answerView(deps, contactId, answer));
    }

    const counted = (status: string) => items.filter((item) => item.status === status).length;
    return {
      body: {
        items,
        started: counted('started'),
        repeated: counted('repeated'),
        refused: counted('refused'),
      },
    };
  },
});

const zoneOf = ({ timezone }: ApiDeps, contact: Contact): string => contact.timezone ?? timezone;

const refusal = (contactId: string, reason: EntryReason) => ({
  contactId,
  status: 'refused' as const,
  reason,
  words: entryReasonWords(reason),
});

function answerView(deps: ApiDeps, contactId: string, answer: EntryAnswer) {
  if (answer.kind === 'refused') return refusal(contactId, answer.reason);

  const { kind: status, workflowId } = answer;
  const link = deps.runLink(workflowId);
  return { contactId, status, workflowId, ...(link !== undefined && { link }) };
}

export const listSequenceRuns = endpoint({
  summary: [
    'SOP 序列的进入记录：运行中、已结束、被拒（按版本、客户、状态，游标分页）',
    'Who was let into a sequence, or refused, by version, contact and state',
  ],
  query: strict({
    ...pageQuery,
    city: id.exactOptional(),
    version: z.coerce.number().int().min(1).exactOptional(),
    contactId: id.exactOptional(),
    state: z.enum(SEQUENCE_ENTRY_STATES).exactOptional(),
  }),
  answer: answers.pageOf(entry),
  async handle(exchange) {
    const { deps, caller, query } = exchange;
    const { city, limit, ...filter } = query;
    const sequenceId = await knownSequence(exchange);
    const scope = scopeOf(caller, city);
    const found = await deps.stores.sequenceEntries.list({
      sequenceId,
      ...filter,
      ...scope,
      limit,
    });

    const views = found.map((each) => entryView(deps, each));
    return { body: page(views, limit, ({ entryId }) => entryId) };
  },
});

export const showSequenceRun = endpoint({
  summary: [
    'SOP 序列的一次进入：各步骤的状态与员工任务',
    'One entry into a sequence, with how each of its steps stands',
  ],
  query: strict({}),
  answer: entry.extend({ steps: z.array(step) }),
  async handle(exchange) {
    const { deps, caller, params } = exchange;
    const { sequenceEntries, sequenceSteps } = deps.stores;
    const found = await sequenceEntries.find(params.entry ?? '');
    if (!found || found.sequenceId !== params.id || !allows(caller, found.city))
      throw unknown('entry', params.entry ?? '');

    const kept = await sequenceSteps.ofRun(found.workflowId);
    const own = kept.filter(({ stepId }) => stepId.includes(`/${found.entry}/`));
    const steps = own.map(({ contactId: _, city: __, ...each }) => each);
    return { body: { ...entryView(deps, found), steps } };
  },
});

export const numbersOfSequence = endpoint({
  summary: [
    'SOP 序列的数字：在途、结局、被拒原因，各步骤应做、完成、迟做、跳过、错过，按版本',
    'A sequence in numbers, by version: under way, ended, refused; each step due, done, late, skipped, missed',
  ],
  query: strict({ city: id.exactOptional() }),
  answer: z.object({ sequenceId: z.string(), versions: z.array(versionNumbers) }),
  async handle(exchange) {
    const { deps, caller, query } = exchange;
    const { sequences, sequenceEntries, sequenceSteps, staffTasks } = deps.stores;
    const sequenceId = await knownSequence(exchange);
    const scope = scopeOf(caller, query.city);

    const [entries, steps, tasks, versions] = await Promise.all([
      sequenceEntries.numbers(sequenceId, scope),
      sequenceSteps.numbers(sequenceId, scope),
      staffTasks.numbers(sequenceId, scope),
      sequences.versions(sequenceId),
    ]);
    const stepsOf = new Map(
      versions.map(({ version, body }) => [version, body.steps.map((each) => each.id)]),
    );
    const numbers = sequenceNumbers({
      ...{ entries, steps, stepsOf },
      tasks: tasks.map((each) => ({ ...each, version: versionOf(each.sequence) })),
    });
    return { body: { sequenceId, versions: numbers } };
  },
});

const versionOf = (ref: string): number => parseVersionRef(ref)?.version ?? 0;

/** @throws CodedError NOT_FOUND */
async function knownSequence({ deps, params }: Pick<Exchange, 'deps' | 'params'>): Promise<string> {
  const sequenceId = params.id ?? '';
  const [newest] = await deps.stores.sequences.versions(sequenceId);
  if (!newest) throw unknown('sequence', sequenceId);
  return sequenceId;
}

function entryView(
  deps: ApiDeps,
  { sequenceId, version, ordinal: _ordinal, entry: _entry, ...kept }: SequenceEntry,
) {
  const { workflowId, reason, state } = kept;
  const link = state === 'refused' ? undefined : deps.runLink(workflowId);
  return {
    ...kept,
    sequence: `${sequenceId}@${version}`,
    ...(reason !== undefined && { words: entryReasonWords(reason) }),
    ...(link !== undefined && { link }),
  };
}
