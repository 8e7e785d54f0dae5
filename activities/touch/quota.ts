// Shared limits in the path of a touch: a unit is taken before the reservation and given back when none comes of it.

import type { QuotaRequest, QuotaStore } from '../../ports/quotas';
import { decisionId, openUnitKey } from '../../rules/base/ids';
import type { Decision } from '../../rules/gate/gate.schema';
import {
  beyondQuota,
  openTake,
  type QuotaLimits,
  type QuotaTake,
  quotaTakes,
} from '../../rules/gate/quota';
import type { DecidedTouch, OpenTouch, TouchContext } from './path';
import { confirmerOf } from './question';

const keyOf = ({ asked: { touchId, attempt } }: OpenTouch): string => decisionId(touchId, attempt);
const openKeyOf = ({ asked: { touchId, attempt } }: OpenTouch): string =>
  openUnitKey(touchId, attempt);

/** The limits in force; null: nothing is limited. */
export async function limitsInForce({ deps }: TouchContext): Promise<QuotaLimits | null> {
  return (await deps.stores.quotas.current('default'))?.body ?? null;
}

/**
 * Takes a unit for each pass, the earlier ones first; those that find a scope full get that for an answer. Idempotent by attempt:
 * a crash after the taking is healed by the retry, which keeps the unit or gives it back.
 */
export async function withinQuotas(
  { deps }: TouchContext,
  limits: QuotaLimits,
  passes: readonly DecidedTouch[],
): Promise<readonly DecidedTouch[]> {
  const { quotaUnits } = deps.stores;
  // A crash may have come between the release of the attempt before and the giving back.
  const before = passes.flatMap(({ kept }) =>
    kept?.state === 'released'
      ? [decisionId(kept.touchId, kept.attempt), openUnitKey(kept.touchId, kept.attempt)]
      : [],
  );
  if (before.length > 0) await quotaUnits.giveBack(before);

  const passed = await taken(quotaUnits, passes, (pass) => ({
    key: keyOf(pass),
    takes: takesOf(limits, pass),
  }));
  const left = passed.filter(({ decision }) => decision.verdict === 'pass');
  const opened = await taken(quotaUnits, left, (pass) => ({
    key: openKeyOf(pass),
    takes: openTakesOf(limits, pass),
  }));

  const answers = new Map(opened.map((touch) => [touch.place, touch]));
  return passed.map((touch) => answers.get(touch.place) ?? touch);
}

/** Units of one kind: those that find a scope full get that for an answer. */
async function taken(
  quotaUnits: QuotaStore,
  passes: readonly DecidedTouch[],
  requestOf: (pass: DecidedTouch) => QuotaRequest,
): Promise<readonly DecidedTouch[]> {
  const requests = passes.map(requestOf);
  const limited = requests.filter(({ takes }) => takes.length > 0);
  const full = limited.length > 0 ? await quotaUnits.take(limited) : [];
  const scopes = new Map(limited.map(({ key }, i) => [key, full[i] ?? null]));

  return passes.map((pass, i) => {
    const scope = scopes.get(requests[i]?.key ?? '') ?? null;
    return scope === null ? pass : { ...pass, decision: refusedBy(scope, pass) };
  });
}

function takesOf(limits: QuotaLimits, { asked, contact, policy, at }: DecidedTouch): QuotaTake[] {
  const { class: touchClass, campaign } = asked;
  const staffId = confirmerOf(asked, contact);
  const subject = { class: touchClass, city: contact.city, campaign, staffId };
  return quotaTakes(limits, subject, at, policy.timezone);
}

function openTakesOf(limits: QuotaLimits, { asked, contact }: DecidedTouch): QuotaTake[] {
  const staffId = confirmerOf(asked, contact);
  return [openTake(limits, { class: asked.class, staffId }) ?? []].flat();
}

function refusedBy(scope: string, { asked, policy, decision, at }: DecidedTouch): Decision {
  const touch = { at, expiresAt: asked.expiresAt };
  return beyondQuota(scope, touch, policy.timezone, decision.explain);
}

/** Gives back what touches hold that did not pass after all, in this execution or in one that crashed. */
export async function giveUnitsBack(
  { deps }: TouchContext,
  touches: readonly OpenTouch[],
): Promise<void> {
  if (touches.length > 0)
    await deps.stores.quotaUnits.giveBack(
      touches.flatMap((touch) => [keyOf(touch), openKeyOf(touch)]),
    );
}
