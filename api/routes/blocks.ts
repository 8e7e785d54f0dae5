// Blocks that the customer or the carrier asked for: lifted only on purpose, with a reason that stays.

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { wakeRuns } from '../../intake/launch';
import { CodedError } from '../../rules/base/errors';
import { channelName } from '../../rules/contact/contact.schema';
import { label, reasonGiven } from '../../rules/input/input.schema';
import { strict } from '../../rules/input/shape.schema';
import { formatInstant } from '../../rules/time/instant';
import * as answers from '../answers';
import { endpoint } from '../exchange';
import { visibleContact } from '../scope';
import { contactView } from '../views';

export const liftBlock = endpoint({
  summary: [
    '解除客户的限制（投诉、退订、运营商黑名单等，需理由，留痕）',
    'Lift a block of a customer, also one for a complaint; with a reason, which is kept',
  ],
  body: strict({
    block: strict({ channel: z.union([channelName, z.literal('*')]), reason: label }),
    reason: reasonGiven,
  }),
  answer: answers.contact,
  async handle(exchange) {
    const { deps, caller, params, body } = exchange;
    const { contactId, blocks = [] } = await visibleContact(exchange, params.contactId ?? '');
    const { block, reason } = body;
    if (!blocks.some((each) => each.channel === block.channel && each.reason === block.reason))
      throw new CodedError('CONFLICT', `contact ${contactId} has no such block`, [
        { path: 'block', message: 'not in force', allowed: JSON.stringify(blocks) },
      ]);

    await deps.stores.contactActs.record({
      actId: randomUUID(),
      contactId,
      kind: 'block-lifted',
      by: caller.name,
      at: formatInstant(deps.clock.now()),
      reason,
      before: { block },
    });
    await deps.stores.contacts.unblock(contactId, block);
    await wakeRuns(deps, contactId, 'profile');

    return { body: contactView(caller, await visibleContact(exchange, contactId)) };
  },
});

export const listActs = endpoint({
  summary: [
    '客户身份与限制的处置记录（投诉、解除、合并、拆分）',
    'What was done to who a customer is, and to its blocks: by whom, when and why',
  ],
  answer: answers.listOf(answers.contactAct),
  async handle(exchange) {
    const { contactId } = await visibleContact(exchange, exchange.params.contactId ?? '');
    return { body: { items: await exchange.deps.stores.contactActs.ofContact(contactId) } };
  },
});
