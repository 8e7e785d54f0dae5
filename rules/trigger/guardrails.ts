// What the province allows the triggers of its cities.

import type { TriggerBody } from './trigger.schema';

/** Each absent: there is no bound. */
export interface Guardrails {
  readonly maxDailyBudget?: number | undefined;
  readonly minCooldownHours?: number | undefined;
  readonly journeys?: readonly string[] | undefined;
  readonly products?: readonly string[] | undefined;
  readonly maxPriority?: number | undefined;
}

export interface GuardrailFault {
  /** Of the trigger's body, dotted. */
  readonly path: string;
  /** Undefined: the trigger does not say. */
  readonly value: number | string | undefined;
  readonly bound: keyof Guardrails;
  readonly allowed: string;
}

/** What of a trigger lies outside the guard-rails. What a bound is about and the trigger does not say is outside, too. */
export function guardrailFaults(
  { dailyBudget, cooldownHours, journey, offer, priority = 0 }: TriggerBody,
  { maxDailyBudget, minCooldownHours, journeys, products, maxPriority }: Guardrails,
): readonly GuardrailFault[] {
  const faults: GuardrailFault[] = [];
  const refuse = (
    bound: GuardrailFault['bound'],
    path: string,
    value: GuardrailFault['value'],
    allowed: string,
  ) => faults.push({ path, value, bound, allowed });

  if (maxDailyBudget !== undefined && !(Number(dailyBudget) <= maxDailyBudget))
    refuse('maxDailyBudget', 'dailyBudget', dailyBudget, `at most ${maxDailyBudget}`);
  if (minCooldownHours !== undefined && !(Number(cooldownHours) >= minCooldownHours))
    refuse('minCooldownHours', 'cooldownHours', cooldownHours, `at least ${minCooldownHours}`);
  if (maxPriority !== undefined && priority > maxPriority)
    refuse('maxPriority', 'priority', priority, `at most ${maxPriority}`);
  if (journeys && !journeys.includes(journey))
    refuse('journeys', 'journey', journey, journeys.join(', '));
  if (products && !products.includes(offer.product))
    refuse('products', 'offer.product', offer.product, products.join(', '));

  return faults;
}
