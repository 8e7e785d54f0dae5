// What changed between two policies, rule by rule and field by field; the words for it are in rules/words/policy.ts.

import type { CityOverride } from './cityOverride.schema';
import type { PolicyDocument } from './document.schema';
import type { Policy } from './policy.schema';

/** Everything in a policy but its settings is a part made of rules; a part is a list, or one rule. */
type Part = Exclude<keyof Policy, 'id' | 'version' | SettingChange['part']>;
type RuleOf<P> = P extends readonly (infer Rule)[] ? Rule : P;
type RuleTypes = { readonly [P in Part]: RuleOf<NonNullable<Policy[P]>> };

interface About<P extends Part> {
  readonly part: P;
  /** The rule's id; parts without ids give their own name. */
  readonly rule: string;
}

/** A rule of one part that came, went, or has another value in one field. */
type ChangeOf<P extends Part> = About<P> &
  (
    | { readonly change: 'added'; readonly after: RuleTypes[P] }
    | { readonly change: 'removed'; readonly before: RuleTypes[P] }
    | {
        readonly change: 'changed';
        /** A field of the rule; the ends of quiet hours change together, as `hours`. */
        readonly field: string;
        readonly before: RuleTypes[P];
        readonly after: RuleTypes[P];
      }
  );

export type RuleChange = { [P in Part]: ChangeOf<P> }[Part];

/** A setting of the whole policy. Absent: there was, or is, none. */
export interface SettingChange {
  readonly part: 'timezone' | 'maxDeferHours' | 'effectiveFrom';
  readonly change: 'changed';
  readonly before?: string | number;
  readonly after?: string | number;
}

/** One change. With `city` it is one of that city's own rules. */
export type PolicyChange = (RuleChange | SettingChange) & { readonly city?: string };

type Rules = Partial<Omit<PolicyDocument, 'id' | 'version' | 'cities'>>;

/** Every change that makes another policy of one; the order of rules, and of values in a list, is none. */
export function diffPolicies(before: PolicyDocument, after: PolicyDocument): PolicyChange[] {
  const cities = new Set([...Object.keys(before.cities ?? {}), ...Object.keys(after.cities ?? {})]);
  const own = ({ cities: all }: PolicyDocument, city: string): CityOverride =>
    all !== undefined && Object.hasOwn(all, city) ? (all[city] ?? {}) : {};
  const ofCity = (city: string): PolicyChange[] =>
    diffRules(own(before, city), own(after, city)).map((change) => ({ ...change, city }));

  return [...diffRules(before, after), ...[...cities].sort().flatMap(ofCity)];
}

const SETTINGS = ['timezone', 'maxDeferHours', 'effectiveFrom'] as const;

function diffRules(before: Rules, after: Rules): (RuleChange | SettingChange)[] {
  return [
    ...SETTINGS.flatMap((part) => diffSetting(part, before[part], after[part])),
    ...Object.values<PartDiff<Part>>(PARTS).flatMap((diff) => diff(before, after)),
  ];
}

type PartDiff<P extends Part> = (before: Rules, after: Rules) => { [Q in P]: ChangeOf<Q> }[P][];

/** In the order in which changes are listed. */
const PARTS: { readonly [P in Part]: PartDiff<P> } = {
  consent: (before, after) =>
    diffList('consent', strictest(before.consent), strictest(after.consent), {
      keyOf: scopeOf,
      nameOf: () => 'consent',
    }),
  quietHours: (before, after) => diffList('quietHours', before.quietHours, after.quietHours, BY_ID),
  gaps: (before, after) => diffList('gaps', before.gaps, after.gaps, BY_ID),
  caps: (before, after) => diffList('caps', before.caps, after.caps, BY_ID),
  holdout: (before, after) =>
    diffList('holdout', lone(before.holdout), lone(after.holdout), { keyOf: () => 'holdout' }),
};

const BY_ID = { keyOf: ({ id }: { readonly id: string }): string => id };

const lone = <T>(rule: T | undefined): T[] => (rule === undefined ? [] : [rule]);

function diffSetting(
  part: SettingChange['part'],
  before: string | number | undefined,
  after: string | number | undefined,
): SettingChange[] {
  if (before === after) return [];
  return [
    {
      part,
      change: 'changed',
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
    },
  ];
}

type Consent = RuleTypes['consent'];

/** Needs of consent have no ids: two of them are the same when they are about the same touches. */
const scopeOf = ({ classes, channels }: Consent): string =>
  JSON.stringify([sorted(classes), sorted(channels)]);

/** Of several needs about the same touches the strictest is the one that counts. */
function strictest(needs: readonly Consent[] = []): Consent[] {
  const byScope = new Map<string, Consent>();
  for (const need of needs) {
    const key = scopeOf(need);
    if (byScope.get(key)?.need !== 'granted') byScope.set(key, need);
  }

  return [...byScope.values()];
}

/** How the rules of a part are told from one another, and what a change calls them. */
interface Naming<Rule> {
  keyOf(rule: Rule): string;
  nameOf?(rule: Rule): string;
}

function diffList<P extends Part>(
  part: P,
  before: readonly RuleTypes[P][] = [],
  after: readonly RuleTypes[P][] = [],
  { keyOf, nameOf = keyOf }: Naming<RuleTypes[P]>,
): ChangeOf<P>[] {
  const was = new Map(before.map((rule) => [keyOf(rule), rule]));
  const is = new Map(after.map((rule) => [keyOf(rule), rule]));

  const removed = [...was]
    .filter(([key]) => !is.has(key))
    .map(([, rule]): ChangeOf<P> => {
      return { part, rule: nameOf(rule), change: 'removed', before: rule };
    });

  const addedOrChanged = [...is].flatMap(([key, rule]): ChangeOf<P>[] => {
    const about = { part, rule: nameOf(rule) };
    const known = was.get(key);
    if (known === undefined) return [{ ...about, change: 'added', after: rule }];

    return changedFields(known, rule).map((field) => {
      return { ...about, change: 'changed', field, before: known, after: rule };
    });
  });

  return [...removed, ...addedOrChanged];
}

/** Fields whose values differ in what they mean, in the order in which the policy lists them. */
function changedFields(before: object, after: object): string[] {
  const was = meaningOf(before);
  const is = meaningOf(after);

  return [...new Set([...was.keys(), ...is.keys()])].filter(
    (field) => was.get(field) !== is.get(field),
  );
}

/** A rule's fields as text, with what stands for an absent one; values in a list have no order. */
function meaningOf(rule: object): Map<string, string> {
  const {
    id: _,
    from,
    to,
    onHit,
    counts,
    per,
    openCounts,
    ...rest
  } = rule as Partial<RuleTypes['quietHours'] & RuleTypes['caps'] & RuleTypes['gaps']>;

  const fields = {
    ...rest,
    hours: from === undefined ? (rest as Partial<RuleTypes['gaps']>).hours : `${from}-${to}`,
    counts: counts ?? rest.classes,
    per: per?.length === 0 ? undefined : per,
    openCounts: openCounts ?? 'asked',
    onHit: onHit ?? 'defer',
  };

  return new Map(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => [field, canonical(value)]),
  );
}

const sorted = (values: readonly string[] | undefined): readonly string[] | null =>
  values ? [...values].sort() : null;

function canonical(value: unknown): string {
  if (Array.isArray(value)) return JSON.stringify(sorted(value));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
