// The right to be forgotten: asked for with a reason, answered with what is gone and what the law makes us keep.

import { z } from 'zod';
import { beginForgetting, type ForgetDeps, tombstonesOf } from '../../intake/forget';
import { partAll } from '../../intake/merge';
import type { Tombstone } from '../../ports/forgetting';
import type { Contact } from '../../rules/contact/contact';
import { reasonGiven } from '../../rules/input/input.schema';
import { strict } from '../../rules/input/shape.schema';
import { KEPT_BY_LAW } from '../../rules/words/forgetting';
import type { ApiDeps } from '../deps';
import { type ApiAnswer, endpoint } from '../exchange';
import { unknown } from '../scope';

const report = z.object({
  subject: z.string(),
  state: z.enum(['forgetting', 'forgotten']),
  reason: z.string(),
  by: z.string(),
  at: z.string(),
  endedAt: z.string().optional(),
  removed: z.record(z.string(), z.number()).optional(),
  kept: z.array(z.object({ what: z.string(), zh: z.string(), en: z.string() })),
});

const forgetDeps = ({ ledgerKeys, ...deps }: ApiDeps): ForgetDeps => ({
  ...deps,
  subjectOf: ledgerKeys.current?.subjectOf,
});

export const forget = endpoint({
  summary: [
    '遗忘客户（被遗忘权，需理由，留痕；重复请求无害）',
    'Forget a customer, for a reason that is kept; asked again it answers how far it is',
  ],
  query: strict({ reason: reasonGiven }),
  answer: report,
  async handle({ deps, caller, params, query }) {
    const contactId = params.contactId ?? '';
    const contact = await deps.stores.contacts.find(contactId);
    if (contact) return answered(await forgetAll(deps, contact, caller.name, query.reason));

    const latest = (await tombstonesOf(forgetDeps(deps), [contactId])).at(-1);
    if (!latest) throw unknown('contact', contactId);
    return answered(latest);
  },
});

/** Every record of the person goes; the answer is about the one that was the contact, which goes last. */
async function forgetAll(
  deps: ApiDeps,
  contact: Contact,
  by: string,
  reason: string,
): Promise<Tombstone> {
  const records = contact.mergedFrom ? await partAll(deps, contact) : [];
  for (const record of records.filter(({ contactId }) => contactId !== contact.contactId))
    await beginForgetting(forgetDeps(deps), record, { by, reason });

  const own = records.find(({ contactId }) => contactId === contact.contactId) ?? contact;
  return await beginForgetting(forgetDeps(deps), own, { by, reason });
}

export const showForgotten = endpoint({
  summary: ['一次遗忘的进度与结果', 'How far a forgetting is, and what is gone'],
  answer: report,
  async handle({ deps, params }) {
    const subject = params.subject ?? '';
    const tombstone = await deps.stores.forgetting.find(subject);
    if (!tombstone) throw unknown('forgotten', subject);
    return answered(tombstone);
  },
});

/** 202: it has begun, and goes on by itself. */
const answered = ({ names: _, life: __, ...tombstone }: Tombstone): ApiAnswer => ({
  status: tombstone.state === 'forgotten' ? 200 : 202,
  body: { ...tombstone, kept: KEPT_BY_LAW },
});
