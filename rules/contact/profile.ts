// How a contact's profile changes by imports, edits, relations, consents and blocks; what customers said is never lost to an import.

import { CodedError } from '../base/errors';
import { isBlacklisted } from './blacklist';
import type { Profile, Relation } from './contact';
import type { FactTime } from './facts';
import { type KnownFacts, withFacts } from './knownFacts';
import { isLandline } from './phone';
import { relationAfter } from './relation';

type Channels = NonNullable<Profile['channels']>;

/** Kept from the known profile when an import says nothing of them: they come from the customer or from the systems, not the import. */
const KEPT = [
  'relations',
  'consents',
  'blocks',
  'holds',
  'channels',
  'dnd',
  'quietHours',
  'personalisation',
  'phoneShared',
] as const;

/** A row of an import: a field that it does not have is left alone, `null` removes it, a fact alike. */
export type ImportRow = Pick<Profile, 'contactId'> & {
  readonly [field in keyof Profile]?: Profile[field] | null;
} & {
  /** ISO: of when the consents of the row are; absent: nobody knows, and they count from the import. */
  readonly consentsAt?: string;
  /** ISO: what its facts and its plan are of; absent: of when it is imported. */
  readonly asOf?: string;
};

/** `merge` changes what a row has; `replace` also removes what it does not have, but never what is in KEPT. */
export type ImportMode = 'merge' | 'replace';

/**
 * The profile after an import of `row`; null: the contact is unknown, and the row does not say to which city it belongs.
 * A fact of a later time stays. Its consents stay as they are: what a row claims of them is a statement like any other (consentLog.ts).
 * @param at ISO: what its facts and its plan are of, where the row does not say
 */
export function imported(
  known: Profile | null,
  { consents: _consents, consentsAt: _consentsAt, asOf, ...row }: ImportRow,
  mode: ImportMode = 'merge',
  at?: string,
): Profile | null {
  const city = row.city ?? known?.city;
  if (city === undefined) return null;

  const given = Object.entries(row).filter(
    ([field, value]) => value !== null && value !== undefined && !isFactField(field),
  );
  const { channels } = row;
  const next = {
    ...stillKnown(known, row, mode),
    ...(Object.fromEntries(given) as Pick<Profile, 'contactId'>), // the fields of the row that are not null
    city,
    ...(row.blocks !== undefined && { blocks: importedBlocks(known?.blocks, row.blocks ?? []) }),
    ...importedFacts(known, row, mode, asOf ?? at),
    channels: { ...keptChannels(known, row, mode), ...channels },
  };

  const isSame = next.phone === known?.phone;
  return withDerivedChannels(isSame ? asClaimed(next, known) : claimed(next, row.phoneClaimedAt));
}

/** With a number that is the contact's from now on, or with none. */
function claimed(profile: Profile, at: string | null | undefined): Profile {
  const { phoneClaimedAt: _then, numberLostAt: _lost, ...next } = profile;
  return next.phone === undefined || !at ? next : { ...next, phoneClaimedAt: at };
}

/** With the number as it was known. */
function asClaimed(profile: Profile, known: Profile | null): Profile {
  const { phoneClaimedAt: _then, numberLostAt: _lost, ...next } = profile;
  const { phoneClaimedAt, numberLostAt } = known ?? {};
  return {
    ...next,
    ...(phoneClaimedAt !== undefined && { phoneClaimedAt }),
    ...(numberLostAt !== undefined && { numberLostAt }),
  };
}

/** What the import leaves of the known profile. */
function stillKnown(known: Profile | null, row: ImportRow, mode: ImportMode): Partial<Profile> {
  const isKept = ([field, value]: readonly [string, unknown]): boolean =>
    value !== undefined &&
    !isFactField(field) &&
    Reflect.get(row, field) !== null &&
    (mode === 'merge' || KEPT.some((kept) => kept === field));
  return Object.fromEntries(Object.entries(known ?? {}).filter(isKept));
}

function keptChannels(known: Profile | null, row: ImportRow, mode: ImportMode): Channels {
  const channels = { ...known?.channels };
  if (row.relations) delete channels.wecom;
  const phone = row.phone === undefined && mode === 'merge' ? known?.phone : row.phone;
  if (phone !== known?.phone) dropPhone(channels);
  return channels;
}

/** The fee of a plan is kept while the plan is the same and nobody says another. */
const importedPlan = (known: Profile['plan'], row: NonNullable<Profile['plan']>) =>
  known?.id === row.id ? { ...known, ...row } : row;

function importedFacts(
  known: Profile | null,
  { facts, plan }: ImportRow,
  mode: ImportMode,
  asOf: string | undefined,
): KnownFacts {
  const isPlanGone = mode === 'replace' && plan === undefined && known?.plan !== undefined;
  const told = { facts, plan: isPlanGone ? null : plan && importedPlan(known?.plan, plan) };
  return withFacts(factsKnown(known), told, asOf === undefined ? undefined : { asOf });
}

const factsKnown = (known: Profile | null): KnownFacts =>
  Object.fromEntries(Object.entries(known ?? {}).filter(([field]) => isFactField(field)));

/** Each of these follows the time that it is of. */
const FACT_FIELDS = new Set(['facts', 'plan', 'factTimes', 'purchases']);
const isFactField = (field: string): boolean => FACT_FIELDS.has(field);

type Block = NonNullable<Profile['blocks']>[number];

/** Blocks that the customer or the carrier asked for. */
const isFromOutside = ({ reason = '' }: Block): boolean =>
  reason === 'opt-out' || reason === 'complaint' || isBlacklisted(reason);

/** The blocks of the row, and those that no list of ours may lift. */
function importedBlocks(known: readonly Block[] = [], row: readonly Block[]): Block[] {
  const isNamed = (block: Block) =>
    row.some(({ channel, reason }) => channel === block.channel && reason === block.reason);
  return [...known.filter((block) => isFromOutside(block) && !isNamed(block)), ...row];
}

/** Without its phone nothing that came of having it holds; a channel that was closed on purpose stays closed. */
function dropPhone(channels: { [channel: string]: Channels[string] }): void {
  for (const channel of ['sms', 'call']) if (channels[channel]?.reachable) delete channels[channel];
}

/** The number is somebody else's now, whatever a list says of its channels. */
function closePhone(channels: { [channel: string]: Channels[string] }): void {
  for (const channel of ['sms', 'call'])
    if (channels[channel]?.reachable)
      channels[channel] = { reachable: false, why: 'number-reassigned' };
}

/** The profile after an edit; `null` removes a field, and facts that are not given are kept. @param time of its facts and its plan */
export function patched(
  known: Profile,
  { facts, plan, ...change }: { readonly [field in keyof Profile]?: Profile[field] | null },
  time?: FactTime,
): Profile {
  if (change.contactId !== undefined && change.contactId !== known.contactId)
    throw fixed('contactId', 'the id of a contact never changes');
  if (change.city === null) throw fixed('city', 'every contact belongs to a city');

  const { plan: _plan, ...others } = known;
  const next: Record<string, unknown> = {
    ...others,
    ...withFacts(factsKnown(known), { facts, plan }, time),
  };
  for (const [field, value] of Object.entries(change)) {
    if (value === null) delete next[field];
    else if (value !== undefined) next[field] = value;
  }

  if (change.blocks !== undefined) next.blocks = importedBlocks(known.blocks, change.blocks ?? []);
  if (change.phone !== undefined && change.phone !== known.phone && !change.channels) {
    const channels = { ...known.channels };
    dropPhone(channels);
    next.channels = channels;
  }

  const after = next as unknown as Profile; // the loop above keeps each field's own type
  // Who says the same number again says that it is this contact's after all.
  return withDerivedChannels(
    change.phone === undefined ? after : claimed(after, change.phoneClaimedAt),
  );
}

const fixed = (path: string, message: string): CodedError =>
  new CodedError('INVALID_INPUT', `${path}: ${message}`, [{ path, message }]);

/** The profile with what is told of the relation with one member of staff. */
export function related(known: Profile, told: Relation): Profile {
  const before = known.relations ?? [];
  const own = before.find(({ staffId }) => staffId === told.staffId);
  const after = relationAfter(own, told);
  const relations = own
    ? before.map((other) => (other === own ? after : other))
    : [...before, after];
  const reachable = relations.some((each) => each.state === 'friend');

  return { ...known, relations, channels: { ...known.channels, wecom: { reachable } } };
}

/** The profile with this block; the same one is not added twice. */
export function blocked(
  known: Profile,
  block: { readonly channel: string; readonly reason: string },
): Profile {
  const blocks = known.blocks ?? [];
  if (blocks.some((each) => each.channel === block.channel && each.reason === block.reason))
    return known;
  return { ...known, blocks: [...blocks, block] };
}

/** The profile without this block; only for who may lift what the customer or the carrier asked for. */
export function unblocked(known: Profile, block: Block): Profile {
  const { blocks = [], ...rest } = known;
  const left = blocks.filter(
    ({ channel, reason }) => channel !== block.channel || reason !== block.reason,
  );
  if (left.length === blocks.length) return known;
  return left.length === 0 ? rest : { ...rest, blocks: left };
}

/** A phone makes SMS and calls possible, relations make WeCom so, wherever the profile does not say otherwise. */
export function withDerivedChannels(profile: Profile): Profile {
  const derived: Record<string, Channels[string]> = {};
  if (profile.phone !== undefined) {
    if (!isLandline(profile.phone)) derived.sms = { reachable: true };
    derived.call = { reachable: true };
  }

  if (profile.relations !== undefined)
    derived.wecom = { reachable: profile.relations.some((each) => each.state === 'friend') };
  const said = Object.entries(profile.channels ?? {}).filter(([, { why }]) => why === undefined);
  const channels = { ...derived, ...Object.fromEntries(said) };
  if (profile.numberLostAt !== undefined) closePhone(channels);
  const { channels: _none, ...rest } = profile;

  return Object.keys(channels).length === 0 ? rest : { ...profile, channels };
}
