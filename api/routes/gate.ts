// Asking the gate without touching anybody: a whole case as in the vectors, or a touch against what is stored.

import { z } from 'zod';
import type { Version } from '../../ports/library';
import { CodedError } from '../../rules/errors';
import { decide, preparePolicy } from '../../rules/gate';
import { gateCase, parseGateCase, touch } from '../../rules/gate.schema';
import { id } from '../../rules/input.schema';
import { parseWith } from '../../rules/parse';
import type { Policy } from '../../rules/policy.schema';
import { strict } from '../../rules/shape.schema';
import * as answers from '../answers';
import { type Exchange, endpoint } from '../exchange';
import { jsonOf } from '../middleware/body';
import { contactOf, unknown } from '../scope';

const VERSION_REF = /^([A-Za-z0-9][A-Za-z0-9._-]{0,79})@([1-9]\d{0,8})$/;

const stored = strict({
  contactId: id,
  touch: touch.partial({ at: true, touchId: true }),
  policy: z.string().regex(VERSION_REF, 'a version such as default@3; absent: the one in force').exactOptional(),
});

export const ask = endpoint({
  summary: ['试问触达管控（不落账、不触达）', 'Ask the gate; nothing is written and nobody is contacted'],
  body: z.union([stored, gateCase]),
  rows: true,
  answer: answers.decision,
  async handle(exchange) {
    const given = jsonOf(exchange.raw);
    if (typeof given === 'object' && given !== null && 'contactId' in given)
      return { body: await askStored(exchange, parseWith(stored, given, '')) };
    const { policy, contact, touch, holidays } = parseGateCase(given);
    return { body: decide(preparePolicy(policy, holidays), contact, touch) };
  },
});

async function askStored(exchange: Exchange, given: z.infer<typeof stored>) {
  const { stores, clock } = exchange.deps;
  const contact = await contactOf(exchange, given.contactId);
  const [policy, holidays] = await Promise.all([policyOf(exchange, given.policy), stores.holidays.current('cn')]);
  const {
    at = new Date(clock.now()).toISOString(),
    touchId = 'asked-only',
    city = contact.city,
    ...asked
  } = given.touch;
  const prepared = preparePolicy({ ...policy.body, id: policy.id, version: policy.version }, holidays?.body.days ?? {});
  const decision = decide(prepared, contact, { ...asked, at, touchId, city });
  return { ...decision, policy: `${policy.id}@${policy.version}` };
}

async function policyOf({ deps }: Exchange, ref: string | undefined): Promise<Version<Policy>> {
  const [, name = 'default', version] = VERSION_REF.exec(ref ?? '') ?? [];
  const { policies } = deps.stores;
  const policy = version === undefined ? await policies.current(name) : await policies.find(name, Number(version));
  if (policy !== null) return policy;
  if (ref !== undefined) throw unknown('policy', ref);
  throw new CodedError('NOT_FOUND', 'no policy "default" is published: draft and publish one under /policies');
}
