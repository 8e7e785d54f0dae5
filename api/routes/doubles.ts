// Records that may be of one person: listed, merged and split by people, each with a reason that stays.

import type { z } from 'zod';
import { mergeContacts, splitContact } from '../../intake/merge';
import type { Contact } from '../../rules/contact/contact';
import { id, reasonGiven } from '../../rules/input/input.schema';
import { strict } from '../../rules/input/shape.schema';
import * as answers from '../answers';
import { type Endpoint, type Exchange, endpoint } from '../exchange';
import { page, pageQuery } from '../paging';
import { allows, unknown, visibleContact } from '../scope';
import { contactView, nameView } from '../views';

const asked = strict({ other: id, reason: reasonGiven });

export const listDoubles = endpoint({
  summary: [
    '可能重复的客户（同一 unionId、手机号或企业微信号）',
    'Contacts that may be one person: they have a union id, a number or a WeCom id in common',
  ],
  query: strict(pageQuery),
  answer: answers.pageOf(answers.double),
  async handle({ deps, caller, query: { after, limit } }) {
    const shared = await deps.stores.contacts.sharedNames(after ?? null, limit);
    const { items: _all, next } = page(shared, limit, ({ key }) => key);
    const found = await deps.stores.contacts.findMany(shared.flatMap((each) => each.contactIds));
    const contacts = new Map(found.map((contact) => [contact.contactId, contact]));

    const items = shared.flatMap(({ name, contactIds }) => {
      const holders = contactIds.flatMap((each) => contacts.get(each) ?? []);
      if (holders.length < 2 || !holders.every(({ city }) => allows(caller, city))) return [];
      return [{ name: nameView(caller, name), contacts: holders.map(holderView) }];
    });

    return { body: { items, next: next === null ? null : (shared.at(-1)?.key ?? null) } };
  },
});

/** Enough to tell who is who, and whether the number is known to be shared or lost. */
const holderView = ({ contactId, city, phoneShared, numberLostAt, apart = [] }: Contact) => ({
  contactId,
  city,
  ...(phoneShared && { phoneShared }),
  ...(numberLostAt !== undefined && { numberLostAt }),
  ...(apart.length > 0 && { apart }),
});

export const merge = acting(
  [
    '合并客户：other 并入本客户（需理由；授权从严，触达合并计数）',
    'The other record goes into this one: the stricter consents stand, touches count together; with a reason',
  ],
  mergeContacts,
);

export const split = acting(
  [
    '拆分客户：此前并入的 other 恢复为独立客户（需理由；拒绝对双方都有效）',
    'A record that went into this one is a contact of its own again; refusals hold for both; with a reason',
  ],
  splitContact,
);

function acting(
  summary: Endpoint['summary'],
  act: typeof mergeContacts | typeof splitContact,
): Endpoint {
  return endpoint({
    summary,
    body: asked,
    answer: answers.contact,
    async handle(exchange) {
      const pair = await pairOf(exchange);
      const { deps, caller, body } = exchange;
      await act(deps, pair, { by: caller.name, reason: body.reason });
      return { body: contactView(caller, await visibleContact(exchange, pair.contactId)) };
    },
  });
}

/** Both as they are named, if the caller may see both. @throws CodedError NOT_FOUND */
async function pairOf({ deps, caller, params, body }: Exchange<z.infer<typeof asked>>) {
  const { contactId = '' } = params;
  const { other } = body;
  const found = await deps.stores.contacts.findKept([contactId, other]);

  for (const each of [contactId, other]) {
    const record = found.find((contact) => contact.contactId === each);
    if (!record || !allows(caller, record.city)) throw unknown('contact', each);
  }

  return { contactId, other };
}
