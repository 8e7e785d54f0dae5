// Shared limits in the path of a touch: a unit is taken before the reservation and given back when none comes of it.

import { decisionId } from '../../rules/base/ids';
import { beyondQuota, type QuotaLimits, quotaTakes } from '../../rules/gate/quota';
import { type Ask, confirmerOf, type Desk } from './ask';
import type { Judged } from './entry';

const keyOf = ({ input: { touchId, attempt } }: Ask): string => decisionId(touchId, attempt);

/** The limits in force; null: nothing is limited. */
export async function limitsInForce({ deps }: Desk): Promise<QuotaLimits | null> {
  return (await deps.stores.quotas.current('default'))?.body ?? null;
}

/**
 * Takes a unit for each pass, the earlier ones first; those that find a scope full get that for an answer. Idempotent by attempt:
 * a crash after the taking is healed by the retry, which keeps the unit or gives it back.
 */
export async function withinQuotas(
  desk: Desk,
  limits: QuotaLimits,
  passes: readonly Judged[],
  at: string,
): Promise<Judged[]> {
  // A crash may have come between the release of the attempt before and the giving back.
  const before = passes.flatMap(({ kept }) =>
    kept?.state === 'released' ? decisionId(kept.touchId, kept.attempt) : [],
  );
  if (before.length > 0) await desk.deps.stores.quotaUnits.giveBack(before);
  const asks = passes.map(({ ask, contact, policy }) => {
    const { class: touchClass, campaign } = ask.input;
    const staffId = confirmerOf(ask.input, contact);
    const subject = { class: touchClass, city: contact.city, campaign, staffId };
    return { key: keyOf(ask), takes: quotaTakes(limits, subject, at, policy.timezone) };
  });
  const limited = asks.filter(({ takes }) => takes.length > 0);
  const full = limited.length > 0 ? await desk.deps.stores.quotaUnits.take(limited) : [];
  const scopes = new Map(limited.map(({ key }, i) => [key, full[i] ?? null]));
  return passes.map((pass) => {
    const scope = scopes.get(keyOf(pass.ask)) ?? null;
    if (scope === null) return pass;
    const touch = { at, expiresAt: pass.ask.input.expiresAt };
    return {
      ...pass,
      decision: beyondQuota(scope, touch, pass.policy.timezone, pass.decision.explain),
    };
  });
}

/** Gives back what asks hold that were not passed after all, in this execution or in one that crashed. */
export async function giveUnitsBack(desk: Desk, asks: readonly Ask[]): Promise<void> {
  if (asks.length > 0) await desk.deps.stores.quotaUnits.giveBack(asks.map(keyOf));
}
