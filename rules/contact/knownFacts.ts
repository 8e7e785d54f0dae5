// Facts as a contact keeps them: the values, and beside them what each is of. What is told of an earlier time changes nothing.

import type { Facts, Plan, Profile, Purchase } from './contact';
import { type FactTime, standsOver } from './facts';

export type KnownFacts = Pick<Profile, 'facts' | 'plan' | 'factTimes' | 'purchases'>;

/** `null` removes. */
export interface ToldFacts {
  readonly facts?: Readonly<Record<string, unknown>> | null | undefined;
  readonly plan?: Plan | null | undefined;
}

/** Facts that are instants say themselves what they are of. */
export const INSTANT_FACTS: readonly string[] = [
  'lastSpokeAt',
  'billedAt',
  'openedAt',
  'lastLoginAt',
];

/** What is known after this was told. @param time absent: of an unknown past, which whatever has a time overrules */
export function withFacts(
  known: KnownFacts,
  { facts, plan }: ToldFacts,
  time?: FactTime,
): KnownFacts {
  const told = Object.entries({ ...facts, ...(plan !== undefined && { plan }) });
  return told.reduce<KnownFacts>(
    (before, [name, value]) =>
      value === undefined ? before : withFact(before, name, value, timeOf(name, value, time)),
    known,
  );
}

function timeOf(name: string, value: unknown, time: FactTime | undefined): FactTime | undefined {
  if (!INSTANT_FACTS.includes(name) || typeof value !== 'string') return time;
  return time === undefined || value < time.asOf ? { ...time, asOf: value } : time;
}

function withFact(
  known: KnownFacts,
  name: string,
  value: unknown,
  time: FactTime | undefined,
): KnownFacts {
  if (!standsOver(time, knownTime(known, name))) return known;

  const factTimes = time ? { factTimes: { ...known.factTimes, [name]: time } } : {};
  if (name === 'plan') return { ...withoutPlan(known), ...factTimes, ...planOf(value) };
  if (name === 'products') return listed({ ...known, ...factTimes }, value, time);
  return { ...known, ...factTimes, facts: changed(known.facts, name, value) };
}

/** What a fact is known of. One from before this was kept may say it itself, and a bill is of no earlier than it came out. */
function knownTime({ factTimes, facts }: KnownFacts, name: string): FactTime | undefined {
  const said =
    name === 'billDueFen' ? facts?.billedAt : INSTANT_FACTS.includes(name) && facts?.[name];
  return factTimes?.[name] ?? (typeof said === 'string' ? { asOf: said } : undefined);
}

const withoutPlan = ({ plan: _plan, ...rest }: KnownFacts): KnownFacts => rest;
const planOf = (value: unknown): KnownFacts => (value === null ? {} : { plan: value as Plan });

function changed(facts: Facts = {}, name: string, value: unknown): Facts {
  const { [name]: _before, ...rest } = facts;
  return value === null ? rest : { ...facts, [name]: value };
}

/** A list of products stands for all that was bought before it. */
function listed(known: KnownFacts, list: unknown, time: FactTime | undefined): KnownFacts {
  const { purchases = [], ...rest } = known;
  const later = purchases.filter(({ at }) => time === undefined || at >= time.asOf);
  const products = Array.isArray(list) ? (list as string[]) : null;

  return withPurchases({ ...rest, facts: changed(known.facts, 'products', products) }, later);
}

/** What is known after a customer has bought a product at an instant (UTC). */
export function withPurchase(known: KnownFacts, { product, at }: Purchase): KnownFacts {
  const { purchases = [], factTimes } = known;
  if (at < (factTimes?.products?.asOf ?? '')) return known;

  const before = purchases.find((each) => each.product === product);
  if (before && before.at >= at) return known;

  const others = purchases.filter((each) => each !== before);
  return withPurchases(known, [...others, { product, at }].sort(byTime));
}

const byTime = (a: Purchase, b: Purchase): number =>
  a.at === b.at ? (a.product < b.product ? -1 : 1) : a.at < b.at ? -1 : 1;

/** What was bought since the list stands behind it, the latest last. */
function withPurchases(known: KnownFacts, purchases: readonly Purchase[]): KnownFacts {
  if (purchases.length === 0) return known;

  const bought = purchases.map(({ product }) => product);
  const rest = (known.facts?.products ?? []).filter((product) => !bought.includes(product));
  return { ...known, purchases, facts: { ...known.facts, products: [...rest, ...bought] } };
}
