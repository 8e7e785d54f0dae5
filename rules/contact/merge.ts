// Two records of one person made one, and apart again: what each of them is afterwards. Nothing that was refused is lost either way.

import type { MergedRecord, Profile } from './contact';
import { INSTANT_FACTS, type KnownFacts, withPurchase } from './knownFacts';
import { blocked, related, withDerivedChannels } from './profile';

type Consents = NonNullable<Profile['consents']>;

/** Names that a record gives to the one it goes into, where that has none. */
const NAMES = ['phone', 'unionId'] as const;

/** Why nothing is ever sent to a record that went into another. */
const MERGED = { channel: '*', reason: 'merged' } as const;

/** The record that stays, with everything that was known of the other. What both know is as it stays in this one. */
export function joined(into: Profile, from: Profile): Profile {
  const known = into.mergedFrom?.find(({ contactId }) => contactId === from.contactId);
  const took = NAMES.filter((name) => into[name] === undefined && from[name] !== undefined);
  const isOther = from.phone !== undefined && into.phone !== undefined && from.phone !== into.phone;
  const record: MergedRecord = known ?? {
    contactId: from.contactId,
    took,
    ...(isOther && from.phone !== undefined && { phone: from.phone }),
  };

  const {
    contactId: _id,
    city: _city,
    channels: _channels,
    mergedFrom: others = [],
    ...rest
  } = from;
  const base: Profile = {
    ...rest,
    ...into,
    ...facts(into, from),
    ...stricter(into, from),
    mergedFrom: [...(into.mergedFrom ?? []).filter((each) => each !== known), record, ...others],
  };

  const relations = (from.relations ?? []).reduce(related, {
    ...base,
    relations: into.relations ?? [],
  });
  return withDerivedChannels(from.relations ? relations : base);
}

/** What is left of a record that went into another: its id and its touches. */
export function retired(from: Profile, into: Profile): Profile {
  const { contactId, city } = from;
  return {
    contactId,
    city,
    blocks: [MERGED],
    mergedInto: into.contactId,
    beforeMerge: from.beforeMerge ?? from,
  };
}

/** Both records after a split; the refusals that are known of the person hold for either. */
export function separated(
  into: Profile,
  from: Profile,
): { readonly into: Profile; readonly from: Profile } {
  const { contactId } = from;
  const { mergedFrom = [], ...rest } = into;
  const record = mergedFrom.find((each) => each.contactId === contactId);
  const before = from.beforeMerge ?? from;
  const others = mergedFrom.filter((each) => each !== record);
  const friends = new Set(before.relations?.map(({ externalUserId }) => externalUserId));

  const stays = without(rest, record?.took ?? []);
  const restored = {
    ...before,
    ...stricter(before, into),
    apart: apartFrom(before, into.contactId),
  };
  return {
    into: withDerivedChannels({
      ...stays,
      ...(others.length > 0 && { mergedFrom: others }),
      ...(rest.relations && {
        relations: rest.relations.filter((each) => !friends.has(each.externalUserId)),
      }),
      apart: apartFrom(into, contactId),
    }),
    from: withDerivedChannels(restored),
  };
}

const apartFrom = ({ apart = [] }: Profile, id: string): string[] => [...new Set([...apart, id])];

function without(profile: Profile, names: readonly (typeof NAMES)[number][]): Profile {
  const kept = Object.entries(profile).filter(([field]) => !names.some((name) => name === field));
  const { channels, ...rest } = Object.fromEntries(kept) as unknown as Profile; // only optional fields are left out
  const open = Object.entries(channels ?? {}).filter(
    ([name, { reachable }]) => !reachable && name !== 'wecom',
  );
  return { ...rest, channels: Object.fromEntries(open) };
}

/** Of consents and restrictions the stricter of both: either may have been told what the other was not. */
function stricter(a: Profile, b: Profile): Partial<Profile> {
  const consents = strictestConsents(a.consents, b.consents);
  const outside = (b.blocks ?? []).reduce(
    (profile, { channel, reason = '' }) => blocked(profile, { channel, reason }),
    a,
  );
  const dnd = [...(a.dnd ?? []), ...(b.dnd ?? []).filter((entry) => !includes(a.dnd, entry))];
  const isPersonalOff = a.personalisation === false || b.personalisation === false;

  return {
    ...(consents && { consents }),
    ...(outside.blocks && { blocks: outside.blocks }),
    ...(dnd.length > 0 && { dnd }),
    ...(isPersonalOff && { personalisation: false }),
  };
}

const includes = (list: readonly object[] = [], entry: object): boolean =>
  list.some((each) => JSON.stringify(each) === JSON.stringify(entry));

/** A refusal stands, whichever record heard it. */
export function strictestConsents(a: Consents = {}, b: Consents = {}): Consents | undefined {
  const merged: Record<string, Record<string, unknown>> = {};
  for (const [channel, states] of [...Object.entries(b), ...Object.entries(a)])
    for (const [name, state] of Object.entries(states ?? {})) {
      const before = merged[channel]?.[name];
      merged[channel] = { ...merged[channel], [name]: before === 'refused' ? before : state };
    }

  return Object.keys(merged).length === 0 ? undefined : (merged as Consents); // states of both, none made up
}

/** Of each fact what is known of the later time; where nobody says, what the first knows. */
function facts(into: Profile, from: Profile): Partial<Profile> {
  const [ours, others] = [into.facts ?? {}, from.facts ?? {}];
  const isOther = (name: string): boolean => timeOf(from, name) > timeOf(into, name);
  const later = Object.keys(others).filter((name) => !(name in ours) || isOther(name));
  const isOtherPlan = from.plan !== undefined && (into.plan === undefined || isOther('plan'));
  const taken = [...later, ...(isOtherPlan ? ['plan'] : [])];

  const known: KnownFacts = {
    ...((into.facts || from.facts) && { facts: { ...ours, ...only(others, later) } }),
    ...timesOf(into, from, taken),
    ...(isOtherPlan && from.plan && { plan: from.plan }),
    ...(into.purchases && { purchases: into.purchases }),
  };
  return (from.purchases ?? []).reduce<KnownFacts>(withPurchase, known);
}

function timesOf(into: Profile, from: Profile, taken: readonly string[]): KnownFacts {
  const factTimes = { ...into.factTimes, ...only(from.factTimes ?? {}, taken) };
  return Object.keys(factTimes).length === 0 ? {} : { factTimes };
}

const only = <Value>(
  table: Readonly<Record<string, Value>>,
  names: readonly string[],
): Record<string, Value> =>
  Object.fromEntries(Object.entries(table).filter(([name]) => names.includes(name)));

/** ISO, or nothing. Facts that are instants say themselves what they are of. */
function timeOf({ factTimes, facts: known }: Profile, name: string): string {
  const said = INSTANT_FACTS.includes(name) ? known?.[name] : undefined;
  return factTimes?.[name]?.asOf ?? (typeof said === 'string' ? said : '');
}
