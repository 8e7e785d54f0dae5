// Answers that may be refusals: a member reads each and says what the customer meant. Until then no offer goes to where it came from.

import { z } from 'zod';
import { takeResolution } from '../../intake/answers';
import type { ReplyResolution, UnclearReply } from '../../ports/replies';
import { CodedError } from '../../rules/base/errors';
import { mapInParallel } from '../../rules/base/mapInParallel';
import { reasonGiven } from '../../rules/input/input.schema';
import { strict } from '../../rules/input/shape.schema';
import { formatInstant } from '../../rules/time/instant';
import * as answers from '../answers';
import { type ApiAnswer, type Exchange, endpoint } from '../exchange';
import { page, pageQuery } from '../paging';
import { scopeOf, unknown } from '../scope';

export const listReplies = endpoint({
  summary: [
    '待人工判断的客户回复（可能是退订，判断前不再营销）',
    'Answers that may be refusals; until somebody has read them, nothing is offered there',
  ],
  query: strict({ ...pageQuery, state: z.enum(['open', 'resolved']).default('open') }),
  answer: answers.pageOf(answers.reply),
  async handle(exchange) {
    const { deps, caller, query } = exchange;
    const found = await deps.stores.replies.list({ ...query, ...scopeOf(caller) });
    const views = await mapInParallel(found, (reply) => replyView(exchange, reply));
    return { body: page(views, query.limit, ({ id }) => id) };
  },
});

export const resolveReply = endpoint({
  summary: [
    '判断客户回复是否为退订（记录人与时间）',
    'Say whether an answer is a refusal; who said so and when is kept',
  ],
  body: strict({ refusal: z.boolean(), note: reasonGiven.exactOptional() }),
  answer: answers.reply,
  async handle(exchange) {
    const { deps, caller, body } = exchange;
    const reply = await visibleReply(exchange);
    const at = formatInstant(deps.clock.now());
    const resolution = { ...body, by: caller.name, at };
    if (!(await deps.stores.replies.resolve(reply.replyId, resolution)))
      await assertRepeated(exchange, resolution);

    await takeResolution(deps, reply, body.refusal);
    await deps.stores.replies.close(reply.replyId);
    return await shown(exchange);
  },
});

/** Said again it is taken again, for a crash may have come between: until then it stays on the list. @throws CodedError CONFLICT when it was said otherwise */
async function assertRepeated(exchange: Exchange, { refusal }: ReplyResolution): Promise<void> {
  const { replyId, resolution } = await visibleReply(exchange);
  if (resolution?.refusal === refusal) return;

  const message = `answer ${replyId} was resolved by ${resolution?.by} at ${resolution?.at}`;
  throw new CodedError('CONFLICT', message, [
    { path: 'refusal', message: 'said otherwise before', value: resolution?.refusal },
  ]);
}

async function visibleReply({ deps, caller, params }: Exchange): Promise<UnclearReply> {
  const replyId = params.id ?? '';
  const reply = await deps.stores.replies.find(replyId);
  const { cities } = scopeOf(caller);
  if (!reply || (cities && !reply.cities.some((city) => cities.includes(city))))
    throw unknown('reply', replyId);

  return reply;
}

async function shown(exchange: Exchange): Promise<ApiAnswer> {
  return { body: await replyView(exchange, await visibleReply(exchange)) };
}

/** The text stands in the inbox alone, and is shown while it has to be read. The address is personal and stays here. */
async function replyView({ deps }: Pick<Exchange, 'deps'>, reply: UnclearReply) {
  const { replyId: id, address: _address, item, state, ...rest } = reply;
  const text = state === 'open' ? textOf(await deps.stores.inbox.find(item)) : undefined;
  return { id, ...rest, state, ...(text !== undefined && { text }) };
}

const content = z.union([
  z.object({ text: z.string() }),
  z.object({ data: z.object({ text: z.string() }) }).transform(({ data }) => data),
]);

function textOf(item: { readonly payload: unknown } | null): string | undefined {
  return content.safeParse(item?.payload).data?.text;
}
