// How a contact's profile changes by imports, edits, relations, consents and blocks; what customers said is never lost to an import.

import { CodedError } from '../base/errors';
import type { Profile, Relation, TouchClass } from './contact';
import { isBlacklisted } from './optOut';
import { isLandline } from './phone';
import { relationAfter } from './relation';

type Consents = NonNullable<Profile['consents']>;
type Channels = NonNullable<Profile['channels']>;

/** Kept from the known profile when an import says nothing of them: they come from the customer or from the systems, not the import. */
const KEPT = [
  'relations',
  'consents',
  'blocks',
  'channels',
  'dnd',
  'quietHours',
  'personalisation',
  'facts',
  'phoneShared',
] as const;

/** When each consent was last given or withdrawn, ISO, by channel and class. */
export type ConsentTimes = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface ConsentGiven {
  readonly channel: string;
  readonly class: string;
  readonly state: 'granted' | 'refused' | 'unknown';
  readonly at: string;
}

/** A row of an import: a field that it does not have is left alone, `null` removes it, a fact alike. */
export type ImportRow = Pick<Profile, 'contactId'> & {
  readonly [field in keyof Profile]?: Profile[field] | null;
};

/** `merge` changes what a row has; `replace` also removes what it does not have, but never what is in KEPT. */
export type ImportMode = 'merge' | 'replace';

/**
 * The profile after an import of `row`; null: the contact is unknown, and the row does not say to which city it belongs.
 * A consent that the customer refused stays refused.
 */
export function imported(
  known: Profile | null,
  row: ImportRow,
  mode: ImportMode = 'merge',
): Profile | null {
  const city = row.city ?? known?.city;
  if (city === undefined) return null;

  const given = Object.entries(row).filter(([, value]) => value !== null && value !== undefined);
  const { facts, channels } = row;
  const next = {
    ...stillKnown(known, row, mode),
    ...(Object.fromEntries(given) as Pick<Profile, 'contactId'>), // the fields of the row that are not null
    city,
    ...(row.consents && { consents: importedConsents(known?.consents, row.consents) }),
    ...(row.blocks !== undefined && { blocks: importedBlocks(known?.blocks, row.blocks ?? []) }),
    ...(facts && { facts: importedFacts(known?.facts, facts) }),
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

function importedFacts(
  known: Profile['facts'],
  row: Readonly<Record<string, unknown>>,
): NonNullable<Profile['facts']> {
  const facts = Object.entries({ ...known, ...row });
  return Object.fromEntries(facts.filter(([, value]) => value !== null && value !== undefined));
}

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

function importedConsents(known: Profile['consents'], row: Consents): Consents {
  const merged: Record<string, Record<string, unknown>> = {};
  for (const channel of new Set([...Object.keys(known ?? {}), ...Object.keys(row)])) {
    const before = known?.[channel];
    const given = row[channel];
    merged[channel] = { ...before, ...given };
    for (const [name, state] of Object.entries(before ?? {}))
      if (state === 'refused') merged[channel][name] = 'refused';
  }

  return merged as Consents;
}

/** The profile after an edit; `null` removes a field, and facts that are not given are kept. */
export function patched(
  known: Profile,
  change: { readonly [field in keyof Profile]?: Profile[field] | null },
): Profile {
  if (change.contactId !== undefined && change.contactId !== known.contactId)
    throw fixed('contactId', 'the id of a contact never changes');
  if (change.city === null) throw fixed('city', 'every contact belongs to a city');

  const next: Record<string, unknown> = { ...known };
  for (const [field, value] of Object.entries(change)) {
    if (value === null) delete next[field];
    else if (value !== undefined) next[field] = value;
  }

  if (change.facts) next.facts = { ...known.facts, ...change.facts };
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

/** The consents after these changes: per channel and class the latest `at` wins, and of two at one instant the later in the list. */
export function consented(
  known: Profile,
  times: ConsentTimes,
  changes: readonly ConsentGiven[],
): { readonly profile: Profile; readonly times: ConsentTimes } {
  const consents: Record<string, Record<string, string>> = copy(known.consents ?? {});
  const latest: Record<string, Record<string, string>> = copy(times);

  for (const change of changes) {
    const before = latest[change.channel]?.[change.class];
    if (before !== undefined && Date.parse(before) > Date.parse(change.at)) continue;
    consents[change.channel] = { ...consents[change.channel], [change.class]: change.state };
    latest[change.channel] = { ...latest[change.channel], [change.class]: change.at };
  }

  return { profile: { ...known, consents: consents as Consents }, times: latest };
}

/** A consent as the customer or an import stated it. */
interface Evidence {
  readonly channel: string;
  readonly class: string;
  readonly state: string;
}

/** What an import claims of consents, kept whether or not it is believed, but not when it only repeats the latest entry of the log. */
export function importedEvidence(
  { consents }: Pick<ImportRow, 'consents'>,
  log: readonly Evidence[],
  at?: string,
): ImportEvidence[] {
  return Object.entries(consents ?? {}).flatMap(([channel, states]) =>
    Object.entries(states ?? {}).flatMap(([name, state]) => {
      const last = log.findLast((each) => each.channel === channel && each.class === name);
      if (!state || last?.state === state) return [];

      return [
        {
          channel,
          class: name as TouchClass,
          state,
          source: 'import',
          ...(at !== undefined && { at }),
        },
      ];
    }),
  );
}

/** Which of these changes are not in the log yet: a retry brings the same ones again. */
export function newEvidence<Change extends Evidence>(
  log: readonly Evidence[],
  changes: readonly Change[],
): Change[] {
  const known = new Set(log.map(keyOf));
  return changes.filter((change) => {
    const isNew = !known.has(keyOf(change));
    known.add(keyOf(change));
    return isNew;
  });
}

const keyOf = (evidence: Evidence): string => JSON.stringify(Object.entries(evidence).sort());

interface ImportEvidence extends Evidence {
  readonly class: TouchClass;
  readonly state: 'granted' | 'refused' | 'unknown';
  readonly source: string;
  readonly at?: string;
}

const copy = (table: Readonly<Record<string, unknown>>): Record<string, Record<string, string>> =>
  Object.fromEntries(
    Object.entries(table).map(([key, row]) => [key, { ...(row as Record<string, string>) }]),
  );

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
function withDerivedChannels(profile: Profile): Profile {
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
