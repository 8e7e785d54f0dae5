// The second step of a touch: the gate's answer, and a unit of each shared limit for those it lets pass.

import type { QuotaLimits } from '../../rules/gate/quota';
import type { PolicyInForce } from '../policyInForce';
import type { PublishedVersions } from '../published';
import {
  type ClosedTouch,
  type DecidedTouch,
  type LoadedTouch,
  nowOf,
  type TouchContext,
} from './path';
import { judge } from './question';
import { giveUnitsBack, limitsInForce, withinQuotas } from './quota';
import { answerOfRow } from './verdict';

interface DecidedTurn {
  /** Decided by an execution before this one, or impossible to decide. */
  readonly closed: readonly ClosedTouch[];
  readonly passed: readonly DecidedTouch[];
  /** Deferred or suppressed; `limits` may hold units that are theirs no more. */
  readonly stopped: { readonly touches: readonly DecidedTouch[]; readonly limited: boolean };
}

const NOTHING: DecidedTurn = { closed: [], passed: [], stopped: { touches: [], limited: false } };

export async function decideTouches(
  context: TouchContext,
  fresh: readonly LoadedTouch[],
): Promise<DecidedTurn> {
  if (fresh.length === 0) return NOTHING;

  const limits = await limitsInForce(context);
  const { answered, undecided } = await answeredBefore(context, fresh, limits);
  const { failed, decided } = await judgeAll(context, undecided);

  const allowed = decided.filter(isPass);
  const withUnits = limits ? await withinQuotas(context, limits, allowed) : allowed;
  const stopped = [...decided, ...withUnits].filter((touch) => !isPass(touch));

  return {
    closed: [...answered, ...failed],
    passed: withUnits.filter(isPass),
    stopped: { touches: stopped, limited: limits !== null },
  };
}

const isPass = ({ decision }: DecidedTouch): boolean => decision.verdict === 'pass';

/** Attempts that have a row already get its answer. */
async function answeredBefore(
  context: TouchContext,
  fresh: readonly LoadedTouch[],
  limits: QuotaLimits | null,
) {
  const rows = await context.deps.stores.touches.decisionMany(fresh.map(({ asked }) => asked));
  const answered = fresh.flatMap((touch, i) => (rows[i] ? [{ ...touch, row: rows[i] }] : []));

  // The crash may have come between the row and giving the units back.
  const refused = answered.filter(({ row }) => row.verdict !== 'pass');
  if (limits) await giveUnitsBack(context, refused);

  return {
    answered: answered.map(({ place, row }) => ({ place, verdict: answerOfRow(row) })),
    undecided: fresh.filter((_, i) => !rows[i]),
  };
}

/** All at one instant. */
async function judgeAll(context: TouchContext, undecided: readonly LoadedTouch[]) {
  const at = nowOf(context);
  const policyOf = policiesAt(context.published, at);
  const decided: DecidedTouch[] = [];
  const failed: ClosedTouch[] = [];

  for (const touch of undecided) {
    const policy = await policyOf(touch.contact.city);
    try {
      const judged = await judge(context, touch.asked, touch.contact, policy, at);
      decided.push({ ...touch, ...judged, policy, at });
    } catch (failure) {
      failed.push({ place: touch.place, failure });
    }
  }

  return { decided, failed };
}

/** A page is asked at one instant, so each city's policy is read once. */
export function policiesAt(
  published: PublishedVersions,
  at: string,
): (city: string) => Promise<PolicyInForce> {
  const known = new Map<string, Promise<PolicyInForce>>();
  return (city) => {
    const policy = known.get(city) ?? published.policyFor(city, at);
    known.set(city, policy);
    return policy;
  };
}
