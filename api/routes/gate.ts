// Asking the gate without touching anybody: a whole case as in the vectors, or a touch against what is stored.

import { z } from 'zod';
import type { Version } from '../../ports/library';
import { explainDecision } from '../../reports/why';
import { CodedError } from '../../rules/base/errors';
import { parseVersionRef, versionRef } from '../../rules/base/ids';
import { countedWhole } from '../../rules/contact/contact';
import { decide } from '../../rules/gate/gate';
import { gateCase, gateTouch, parseGateCase } from '../../rules/gate/gate.schema';
import { snapshotOf } from '../../rules/gate/policySnapshot';
import { id } from '../../rules/input/input.schema';
import { parseWith } from '../../rules/input/parse';
import { strict } from '../../rules/input/shape.schema';
import { policyFor } from '../../rules/policy/cities';
import type { PolicyDocument } from '../../rules/policy/document.schema';
import { formatInstant, instantAt } from '../../rules/time/instant';
import * as answers from '../answers';
import { type Exchange, endpoint } from '../exchange';
import { jsonOf } from '../middleware/body';
import { policyInForce } from '../policies';
import { unknown, visibleContact } from '../scope';

const VERSION_REF = /^([A-Za-z0-9][A-Za-z0-9._-]{0,79})@([1-9]\d{0,8})$/;

const stored = strict({
  contactId: id,
  touch: gateTouch.partial({ at: true, touchId: true }),
  policy: z
    .string()
    .regex(VERSION_REF, 'a version such as default@3; absent: the one in force')
    .exactOptional(),
});

export const ask = endpoint({
  summary: [
    '试问触达管控（可问将来某一时刻；不落账、不触达）',
    'Ask the gate, also about an instant to come; nothing is written and nobody is contacted',
  ],
  body: z.union([stored, gateCase]),
  rows: true,
  answer: answers.decision,
  async handle(exchange) {
    const given = jsonOf(exchange.raw);
    if (typeof given === 'object' && given !== null && 'contactId' in given)
      return { body: await askStored(exchange, parseWith(stored, given, '')) };

    const { policy, contact, touch, holidays } = parseGateCase(given);
    const snapshot = snapshotOf(policy, holidays);
    const decision = decide(snapshot.prepared, contact, touch);

    return { body: explainDecision(decision, { ...snapshot, contact, touch }) };
  },
});

async function askStored(exchange: Exchange, given: z.infer<typeof stored>) {
  const { stores, clock } = exchange.deps;
  const contact = countedWhole(await visibleContact(exchange, given.contactId));
  const {
    at = new Date(clock.now()).toISOString(),
    touchId = 'asked-only',
    city = contact.city,
    ...asked
  } = given.touch;

  const [{ id, version, body }, holidays] = await Promise.all([
    versionOf(exchange, given.policy, at),
    stores.holidays.current('cn'),
  ]);

  const policy = { ...policyFor(body, contact.city), id, version };
  const snapshot = snapshotOf(policy, holidays?.body.days ?? {});
  const touch = { ...asked, at, touchId, city };
  const decision = decide(snapshot.prepared, contact, touch);

  return {
    ...explainDecision(decision, { ...snapshot, contact, touch }),
    policy: versionRef(id, version),
    ...(holidays && { holidays: versionRef(holidays.id, holidays.version) }),
  };
}

/** The version asked for, else the one that will be in force at the instant; the past is judged by today's rules. */
async function versionOf(
  { deps }: Exchange,
  ref: string | undefined,
  at: string,
): Promise<Version<PolicyDocument>> {
  const given = ref === undefined ? null : parseVersionRef(ref);
  const instant = formatInstant(Math.max(deps.clock.now(), instantAt(at, 'touch.at')));
  const policy = given
    ? await deps.stores.policies.find(given.id, given.version)
    : await policyInForce(deps.stores, 'default', instant);
  if (policy !== null) return policy;
  if (ref !== undefined) throw unknown('policy', ref);

  throw new CodedError(
    'NOT_FOUND',
    `no policy "default" is in force at ${instant}: draft and publish one under /policies`,
  );
}
