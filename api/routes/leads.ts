// Leads that another channel failed to reach: taken in, claimed by people, completed or rejected.

import { z } from 'zod';
import { inboundLead } from '../../intake/inbound';
import type { KeptLead, Lead } from '../../ports/leads';
import { CodedError } from '../../rules/base/errors';
import { id } from '../../rules/input/input.schema';
import { parseWith } from '../../rules/input/parse';
import { strict } from '../../rules/input/shape.schema';
import { leadInput, leadOutcome } from '../../rules/journey/journey.schema';
import type { JourneyMessage } from '../../rules/journey/messages';
import * as answers from '../answers';
import { BATCH_BYTES, batchAnswer, MAX_ROWS, readRows } from '../batch';
import { type ApiAnswer, type Exchange, endpoint } from '../exchange';
import { takeRows } from '../inboundRows';
import { page, pageQuery } from '../paging';
import { allows, scopeOf, unknown } from '../scope';

const why = z.string().min(1).max(200);

export const takeBatch = endpoint({
  summary: ['批量接收回流商机（逐条回答）', 'Take in leads; each accepted, duplicate or refused'],
  body: z.union([
    z.array(leadInput).max(MAX_ROWS),
    strict({ leads: z.array(leadInput).max(MAX_ROWS) }),
  ]),
  rows: true,
  limitBytes: BATCH_BYTES,
  answer: answers.batch,
  async handle({ deps, caller, ...exchange }) {
    const { good, refused } = readRows(
      exchange,
      'leads',
      (value): Lead => parseWith(leadInput, value, ''),
    );
    const now = deps.clock.now();
    const rows = good.map(({ row, value }) => ({
      row,
      id: value.leadId,
      contactId: value.contactId,
      inbound: inboundLead(value, now),
    }));

    return { body: batchAnswer([...(await takeRows(deps, caller, rows)), ...refused]) };
  },
});

export const listLeads = endpoint({
  summary: ['回流商机列表', 'Leads by state and contact'],
  query: strict({
    ...pageQuery,
    contactId: id.exactOptional(),
    state: z.enum(['open', 'claimed', 'closed']).exactOptional(),
  }),
  answer: answers.pageOf(answers.lead),
  async handle({ deps, caller, query: { limit, ...filter } }) {
    const leads = await deps.stores.leads.list({ ...filter, ...scopeOf(caller), limit });
    return { body: page(leads, limit, (kept) => kept.leadId) };
  },
});

export const claim = endpoint({
  summary: [
    '认领商机：旅程暂停，由人跟进',
    'Claim a lead: its journey is held while a person follows it up',
  ],
  body: strict({ staffId: id.exactOptional() }),
  answer: answers.lead,
  async handle(exchange) {
    const { deps, caller, body } = exchange;
    const kept = await leadOf(exchange);
    const claimedBy = body.staffId ?? caller.name;
    const mine = kept.state === 'claimed' && kept.claimedBy === claimedBy;
    if (
      !mine &&
      !(await deps.stores.leads.update(kept.leadId, { state: 'claimed', claimedBy }, 'open'))
    )
      throw moved(kept);

    return signalJourneys(exchange, kept, [{ signal: 'pause', body: { by: caller.name } }]);
  },
});

export const complete = endpoint({
  summary: ['完成商机：记录结果并结束旅程', 'Complete a lead with its outcome; its journey ends'],
  body: strict({ outcome: leadOutcome }),
  answer: answers.lead,
  handle: (exchange) => close(exchange, exchange.body.outcome, endingBy),
});

export const reject = endpoint({
  summary: ['退回商机', 'Reject a lead; its journey ends'],
  body: strict({ why: why.exactOptional() }),
  answer: answers.lead,
  handle: (exchange) =>
    close(exchange, 'rejected', (_lead, by) => [
      { signal: 'stop', body: { by, why: exchange.body.why ?? 'lead rejected' } },
    ]),
});

/** Closes a lead from any other state. Asked again with the same result it says so again, for the journey may not have heard. */
async function close(
  exchange: Exchange,
  result: Result,
  messagesOf: MessagesOf,
): Promise<ApiAnswer> {
  const { deps, caller } = exchange;
  const kept = await leadOf(exchange);
  const repeated = kept.state === 'closed' && kept.result === result;
  if (
    !repeated &&
    !(
      kept.state !== 'closed' &&
      (await deps.stores.leads.update(kept.leadId, { state: 'closed', result }, kept.state))
    )
  )
    throw moved(kept);

  return signalJourneys(
    exchange,
    kept,
    messagesOf(kept, caller.name, new Date(deps.clock.now()).toISOString(), result),
  );
}

type Result = NonNullable<KeptLead['result']>;
type MessagesOf = (
  lead: KeptLead,
  by: string,
  at: string,
  result: Result,
) => readonly JourneyMessage[];

/** The journey ends with the same outcome and reports it to the pool; a claimed one is paused, so it is resumed first. */
const endingBy: MessagesOf = ({ product }, by, at, result) => {
  if (result === 'accepted')
    return [{ signal: 'contact', body: { kind: 'converted', at, product } }];

  if (result === 'refused')
    return [
      { signal: 'contact', body: { kind: 'refused', at, product } },
      { signal: 'resume', body: { by } },
    ];

  return [{ signal: 'stop', body: { by, why: `lead completed: ${result}` } }];
};

async function signalJourneys(
  exchange: Exchange,
  { leadId, workflowId }: KeptLead,
  messages: readonly JourneyMessage[],
): Promise<ApiAnswer> {
  if (workflowId !== undefined)
    for (const message of messages) await exchange.deps.engine.signal(workflowId, message);
  return { body: await leadOf({ ...exchange, params: { id: leadId } }) };
}

async function leadOf({ deps, caller, params }: Exchange): Promise<KeptLead> {
  const kept = await deps.stores.leads.find(params.id ?? '');
  if (kept === null || !allows(caller, kept.city)) throw unknown('lead', params.id ?? '');
  return kept;
}

const moved = ({ leadId, state }: KeptLead): CodedError =>
  new CodedError('CONFLICT', `lead ${leadId} is ${state}`, [
    { path: 'state', message: 'no longer possible', value: state },
  ]);
