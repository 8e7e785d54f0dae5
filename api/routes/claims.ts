// Claims of names that another city's contact has: seen by both sides, decided by who has rights over both.

import { z } from 'zod';
import { settleNumbers } from '../../intake/numbers';
import { joinRecognised } from '../../intake/recognise';
import type { Caller } from '../../ports/auth';
import type { NameClaim } from '../../ports/nameClaims';
import { CodedError } from '../../rules/base/errors';
import { reasonGiven } from '../../rules/input/input.schema';
import { strict } from '../../rules/input/shape.schema';
import { formatInstant } from '../../rules/time/instant';
import * as answers from '../answers';
import { type Exchange, endpoint } from '../exchange';
import { page, pageQuery } from '../paging';
import { allows, scopeOf, unknown } from '../scope';
import { claimView } from '../views';

const reason = strict({ reason: reasonGiven });
type Decision = z.infer<typeof reason>;

export const listClaims = endpoint({
  summary: [
    '待裁定的号码与 unionId 归属（名称已属其他地市客户）',
    'Claims of numbers and union ids that contacts of other cities have',
  ],
  query: strict({
    ...pageQuery,
    state: z.enum(['waiting', 'granted', 'refused']).default('waiting'),
  }),
  answer: answers.pageOf(answers.nameClaim),
  async handle({ deps, caller, query: { after, limit, state } }) {
    const filter = { state, limit, ...scopeOf(caller), ...(after !== undefined && { after }) };
    const claims = await deps.stores.nameClaims.list(filter);
    return {
      body: page(
        claims.map((claim) => claimView(caller, claim)),
        limit,
        (claim) => String(claim.claimId),
      ),
    };
  },
});

export const grant = endpoint({
  summary: [
    '认定该名称归申请的客户（需理由）',
    'The name is the claiming contact’s; with a reason',
  ],
  body: reason,
  answer: answers.nameClaim,
  async handle(exchange) {
    const claim = await claimToDecide(exchange);
    const { deps } = exchange;
    const at = formatInstant(deps.clock.now());
    const { kind, value } = claim.name;

    // First the name: who decides again after a crash finds it given.
    await deps.stores.contacts.patch(
      claim.contactId,
      kind === 'phone' ? { phone: value, phoneClaimedAt: at } : { unionId: value },
    );
    await joinRecognised(deps, [{ contactId: claim.contactId, [kind]: value }]);
    if (kind === 'phone') await settleNumbers(deps, [value]);

    return await decided(exchange, claim, 'granted', at);
  },
});

export const refuseClaim = endpoint({
  summary: ['认定该名称不归申请的客户（需理由）', 'The name stays where it is; with a reason'],
  body: reason,
  answer: answers.nameClaim,
  async handle(exchange) {
    const claim = await claimToDecide(exchange);
    return await decided(exchange, claim, 'refused', formatInstant(exchange.deps.clock.now()));
  },
});

/** @throws CodedError NOT_FOUND, FORBIDDEN without rights over both sides, CONFLICT when it was decided before */
async function claimToDecide({ deps, caller, params }: Exchange<Decision>): Promise<NameClaim> {
  const claimId = params.id ?? '';
  const claim = await deps.stores.nameClaims.find(claimId);
  if (!claim || !sees(caller, claim)) throw unknown('claim', claimId);

  const missing = citiesOf(claim).filter((city) => !allows(caller, city));
  if (missing.length > 0)
    throw new CodedError('FORBIDDEN', 'a claim is decided by who has rights over both sides', [
      { path: 'city', message: 'not one of your cities', value: missing.join(', ') },
    ]);
  if (claim.state !== 'waiting')
    throw new CodedError('CONFLICT', `claim ${claimId} was ${claim.state} before`);

  return claim;
}

async function decided(
  { deps, caller, body }: Exchange<Decision>,
  { claimId }: NameClaim,
  state: 'granted' | 'refused',
  at: string,
) {
  const decision = { by: caller.name, at, reason: body.reason };
  if (!(await deps.stores.nameClaims.decide(claimId, state, decision)))
    throw new CodedError('CONFLICT', `claim ${claimId} was decided meanwhile`);

  const claim = await deps.stores.nameClaims.find(claimId);
  return { body: claim && claimView(caller, claim) };
}

const citiesOf = ({ city, holders }: NameClaim): string[] => [
  city,
  ...holders.map((holder) => holder.city),
];

const sees = (caller: Caller, claim: NameClaim): boolean =>
  citiesOf(claim).some((city) => allows(caller, city));
