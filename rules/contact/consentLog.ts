// All that was ever said of a customer's consents, and what follows from it for the profile. Nothing ever leaves the log.

import type { Profile, TouchClass } from './contact';
import { readEarlier } from './earlierConsents';
import { type ConsentStates, consentsOf, type Statement, statedAtOf } from './statements';

/** A statement with what is kept as its evidence. */
export interface ConsentStatement extends Statement {
  /** Where it was said: `sms-reply`, `staff`, `import`, `app`… */
  readonly source: string;
  readonly textVersion?: string;
  /** The member to whom it was said, if any. */
  readonly staffId?: string;
  /** Personal. Key of the address it came from: it binds whoever has that. */
  readonly address?: string;
}

/** As the log keeps it; what an earlier version wrote does not say when it was heard. */
export type ConsentEvidence = Omit<ConsentStatement, 'receivedAt'> & {
  readonly receivedAt?: string;
};

/** What is known from one address, whoever has it. */
export interface AddressWords {
  readonly statements: readonly ConsentStatement[];
  /** Channels on which an answer waits for a member who reads it. */
  readonly heldChannels: readonly string[];
  /** Of the own id of a contact who was forgotten: which of its lives was the last. */
  readonly endedLife?: number;
}

/** The profile after something was said, and what the log did not have yet. */
export interface Heard {
  readonly profile: Profile;
  readonly added: readonly ConsentStatement[];
}

/** Whoever speaks here passes on what the customer did; other sources say `own` themselves. */
const OWN_SOURCES: ReadonlySet<string> = new Set(['sms-reply', 'wecom-chat', 'hotline', 'staff']);

/** Source of what a list of ours claims. */
const IMPORT = 'import';

/** True for a refusal that the customer brought to such a place: it counts from when we heard of it. */
export const isOwnRefusal = ({ state, source }: Pick<ConsentStatement, 'state' | 'source'>) =>
  state === 'refused' && OWN_SOURCES.has(source);

/** The profile after these statements, which may be known already and come in any order. */
export function withStatements(
  known: Profile,
  log: readonly ConsentEvidence[],
  statements: readonly ConsentStatement[],
): Heard {
  const added = newStatements(known, log, statements);
  return added.length === 0
    ? { profile: known, added }
    : { profile: heard(known, log, added), added };
}

/** The profile of a contact who has these addresses: bound by what was said from each, and held where an answer waits. */
export function withAddresses(
  { profile: known, added: before }: Heard,
  log: readonly ConsentEvidence[],
  addresses: readonly AddressWords[],
): Heard {
  const said = addresses.flatMap(({ statements }) => statements);
  const { profile, added } = withStatements(known, [...log, ...before], said);
  const waiting = addresses.flatMap(({ heldChannels }) => heldChannels);

  return { profile: withHolds(profile, 'reply-unclear', waiting), added: [...before, ...added] };
}

function heard(
  known: Profile,
  log: readonly ConsentEvidence[],
  added: readonly ConsentStatement[],
): Profile {
  const all = readEarlier([...log, ...added], {});
  const consents = believed(all);
  const { consents: _before, ...rest } = known;
  const after = {
    ...rest,
    ...(Object.keys(consents).length > 0 && { consents }),
    ...liftedBlocks(known, consents, all),
  };

  return withHolds(after, 'opt-out', answeredNo(all, consents));
}

/** What the log does not have yet, and before it what the profile says without any evidence. */
function newStatements(
  { consents = {} }: Profile,
  log: readonly ConsentEvidence[],
  statements: readonly ConsentStatement[],
): ConsentStatement[] {
  const known = new Set(log.map(keyOf));
  const added = statements.filter((statement) => {
    const isNew = !known.has(keyOf(statement));
    known.add(keyOf(statement));
    return isNew;
  });

  const earlier = readEarlier(log, consents).slice(log.length);
  return added.length === 0 ? [] : [...earlier, ...added];
}

/** The same statement told again has the same key: it says the same, and counts from the same instant. */
function keyOf(evidence: ConsentEvidence): string {
  const { receivedAt, ...said } = evidence;
  const statedAt = receivedAt === undefined ? null : statedAtOf({ ...said, receivedAt });
  return JSON.stringify(Object.entries({ ...said, statedAt }).sort());
}

/** An undated "granted" of a list lifts no refusal, whoever told of it. */
function believed(all: readonly ConsentStatement[]): ConsentStates {
  const refused = new Set(all.filter(({ state }) => state === 'refused').map(placeOf));
  const counting = all.filter(
    ({ source, state, at, ...place }) =>
      state === 'refused' || source !== IMPORT || at !== undefined || !refused.has(placeOf(place)),
  );

  return consentsOf(counting).consents;
}

const placeOf = ({ channel, class: name }: Pick<Statement, 'channel' | 'class'>): string =>
  JSON.stringify([channel, name]);

/** Earlier versions closed the channel of who answered no; saying yes again opens it. */
function liftedBlocks(
  { blocks, consents: before }: Profile,
  consents: ConsentStates,
  all: readonly ConsentStatement[],
): Pick<Profile, 'blocks'> {
  const isLifted = ({ channel, reason }: NonNullable<Profile['blocks']>[number]): boolean =>
    reason === 'opt-out' &&
    before?.[channel]?.marketing !== 'granted' &&
    consents[channel]?.marketing === 'granted' &&
    all.some((said) => said.channel === channel && isOwnNo(said));

  return blocks?.some(isLifted) ? { blocks: blocks.filter((block) => !isLifted(block)) } : {};
}

const isOwnNo = ({ class: name, state, own }: Statement): boolean =>
  name === 'marketing' && state === 'refused' && own === true;

/** Channels of the answers from an address that refuse marketing still. */
const answeredNo = (all: readonly ConsentStatement[], consents: ConsentStates): string[] =>
  all
    .filter((said) => said.address !== undefined && isOwnNo(said))
    .map(({ channel }) => channel)
    .filter((channel) => consents[channel]?.marketing === 'refused');

type Hold = NonNullable<Profile['holds']>[number];

/** The profile with the holds of a reason on these channels and no others of it. */
function withHolds(known: Profile, reason: string, channels: readonly string[]): Profile {
  const { holds = [], ...rest } = known;
  const others = holds.filter((hold) => hold.reason !== reason);
  const own = [...new Set(channels)].sort().map((channel): Hold => ({ channel, reason }));
  const after = [...others, ...own].sort((a, b) => (keyOfHold(a) < keyOfHold(b) ? -1 : 1));

  return after.length === 0 ? rest : { ...rest, holds: after };
}

const keyOfHold = ({ reason = '', channel }: Hold): string => `${reason} ${channel}`;

/** What a row of an import claims. Not what only repeats the latest word of the log, unless it says of when it is. */
export function importedStatements(
  {
    consents = {},
    consentsAt: at,
  }: { readonly consents?: Profile['consents'] | null; readonly consentsAt?: string },
  log: readonly ConsentEvidence[],
  receivedAt: string,
): ConsentStatement[] {
  return Object.entries(consents ?? {}).flatMap(([channel, states]) =>
    Object.entries(states ?? {}).flatMap(([name, state]): ConsentStatement[] => {
      const last = log.findLast((each) => each.channel === channel && each.class === name);
      if (!state || (at === undefined && last?.state === state)) return [];

      const place = { channel, class: name as TouchClass, state };
      return [{ ...place, source: IMPORT, receivedAt, ...(at !== undefined && { at }) }];
    }),
  );
}
