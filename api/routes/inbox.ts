// Items of the inbox that a person must look at: seen with their reasons, mended, replayed or discarded.

import { z } from 'zod';
import { mendedItem } from '../../intake/mend';
import type { InboxRow, InboxStep } from '../../ports/inbox';
import { CodedError } from '../../rules/base/errors';
import { partitionOf } from '../../rules/base/partition';
import { strict } from '../../rules/input/shape.schema';
import { formatInstant } from '../../rules/time/instant';
import * as answers from '../answers';
import { currentEventReader } from '../eventTypes';
import { type ApiAnswer, type Exchange, endpoint } from '../exchange';
import { page, pageQuery } from '../paging';
import { unknown } from '../scope';

const why = z.string().min(1).max(200);
const payload = z.record(z.string(), z.unknown());

export const listItems = endpoint({
  summary: [
    '收件箱（默认待人工处理的条目及原因）',
    'Items of the inbox, the parked ones by default',
  ],
  everyCity: true,
  query: strict({
    ...pageQuery,
    state: z.enum(['parked', 'pending', 'discarded']).default('parked'),
  }),
  answer: answers.pageOf(answers.inboxItem),
  async handle({ deps, query }) {
    const rows = await deps.stores.inbox.list(query);
    return { body: page(rows.map(rowView), query.limit, ({ key }) => key) };
  },
});

export const showItem = endpoint({
  summary: ['收件箱条目', 'One item of the inbox'],
  everyCity: true,
  answer: answers.inboxItem,
  handle: async (exchange) => ({ body: rowView(await rowOf(exchange)) }),
});

/** With a payload the item is mended first; whatever is replayed must be what can be taken. */
export const replayItem = endpoint({
  summary: [
    '重新处理待处理条目，可先更正内容',
    'Process a parked item again, as it is or with a corrected payload',
  ],
  everyCity: true,
  body: strict({ payload: payload.exactOptional(), why: why.exactOptional() }),
  answer: answers.inboxItem,
  async handle(exchange) {
    const { deps, body } = exchange;
    const row = await rowOf(exchange);
    const { key: _key, ...item } = mendedItem(
      row,
      body.payload ?? row.payload,
      await currentEventReader(deps.stores, 'payload'),
    );

    const did = body.payload === undefined ? 'replayed' : 'mended';
    const step = { ...stepOf(exchange, did, body.why), ...(did === 'mended' && before(row)) };
    const again = { ...item, partition: partitionOf(item.lane) };
    if (!(await deps.stores.inbox.replay(row.key, again, step))) throw moved(row);

    return shown(exchange);
  },
});

export const discard = endpoint({
  summary: ['放弃待处理条目（须说明原因）', 'Give up a parked item for good, with a reason'],
  everyCity: true,
  body: strict({ why }),
  answer: answers.inboxItem,
  async handle(exchange) {
    const row = await rowOf(exchange);
    const step = stepOf(exchange, 'discarded', exchange.body.why);
    if (!(await exchange.deps.stores.inbox.discard(row.key, step))) throw moved(row);

    return shown(exchange);
  },
});

async function rowOf({ deps, params }: Exchange): Promise<InboxRow> {
  const key = params.key ?? '';
  const row = await deps.stores.inbox.find(key);
  if (!row) throw unknown('inbox item', key);
  return row;
}

async function shown(exchange: Exchange): Promise<ApiAnswer> {
  return { body: rowView(await rowOf(exchange)) };
}

function stepOf({ deps, caller }: Exchange, did: InboxStep['did'], why?: string): InboxStep {
  const at = formatInstant(deps.clock.now());
  return { at, by: caller.name, did, ...(why !== undefined && { why }) };
}

const before = ({ payload }: InboxRow): Pick<InboxStep, 'payload'> => ({ payload });

const rowView = ({ receivedAt, payload, history, ...row }: InboxRow) => ({
  ...row,
  payload: withoutSecret(payload),
  history: history.map((step) => ({
    ...step,
    ...(step.payload && { payload: withoutSecret(step.payload) }),
  })),
  receivedAt: formatInstant(receivedAt),
});

/** A welcome code lets whoever has it write to a customer. */
function withoutSecret({ welcomeCode: _secret, ...payload }: InboxRow['payload']) {
  return payload;
}

const moved = ({ key, state }: InboxRow): CodedError =>
  new CodedError('CONFLICT', `inbox item ${key} is ${state}`, [
    { path: 'state', message: 'no longer possible', value: state, allowed: 'parked' },
  ]);
