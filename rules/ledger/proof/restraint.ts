// The proof of what keeps a touch from some customers for good: the holdout, and personalisation that was refused.

import { digestOf } from '../chain';
import type { DecisionRow } from '../rows';
import { isSubject } from '../subject';
import { inScope, type ProofRules } from './proofRules';
import { type Violation, violation } from './violation';

/** Of a decision of any verdict: whoever is left alone must be, and nobody else may be for that reason. */
export function* brokenRestraint(rules: ProofRules, row: DecisionRow): Iterable<Violation> {
  // Who is forgotten cannot be drawn again: the draw is by the contact's id.
  if (!isSubject(row.contactId)) yield* brokenHoldout(rules, row);
  yield* brokenPersonalisation(row);
}

function* brokenHoldout({ policy }: ProofRules, row: DecisionRow): Iterable<Violation> {
  const isHeldOut = isInHoldout(policy.holdout, row);
  const broken = { rule: 'holdout', policy: row.policy };

  if (row.verdict === 'pass' && isHeldOut)
    yield violation('in-holdout', row, `drawn by ${policy.holdout?.by}`, broken);
  if (row.reason === 'holdout' && !isHeldOut)
    yield violation('refused-without-reason', row, 'it is in no holdout', broken);
}

/** Drawn by the first eight hex digits of a digest, as a share of all there are. */
function isInHoldout(holdout: ProofRules['policy']['holdout'], row: DecisionRow): boolean {
  if (holdout === undefined || !inScope(holdout, row)) return false;
  if (holdout.by === 'campaign' && row.campaign === undefined) return false;

  const drawn = [holdout.salt, row.contactId, ...(holdout.by === 'campaign' ? [row.campaign] : [])];
  const share = Number.parseInt(digestOf(drawn.join(':')).slice(0, 8), 16) / 2 ** 32;

  return share < holdout.percent / 100;
}

function* brokenPersonalisation(row: DecisionRow): Iterable<Violation> {
  const { personalisation, personalFeature } = row.basis ?? {};
  const broken = { rule: personalFeature ?? 'personalisation' };

  // Rows from before every kind was chained may not say it.
  if (row.class === 'marketing' && personalisation === undefined && row.sequence !== undefined)
    yield violation('unproved-personalisation', row, 'the row does not say what was allowed');

  const isRefused =
    row.class === 'marketing' && personalisation === 'refused' && personalFeature !== undefined;
  if (row.verdict === 'pass' && isRefused)
    yield violation('against-personalisation', row, `it rests on ${personalFeature}`, broken);
  if (row.reason === 'personalisation' && row.sequence !== undefined && !isRefused)
    yield violation('refused-without-reason', row, 'personal features were allowed', broken);
}
