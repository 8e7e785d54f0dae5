// The daily look for contacts whose date has come: a birthday, the end of a contract, a silence that has become long.

import type { Version } from '../../ports/library';
import type { DueLook, DuePage, EntryAnswer } from '../../ports/sequenceDoor';
import { parseVersionRef, versionRef } from '../../rules/base/ids';
import { mapInParallel } from '../../rules/base/mapInParallel';
import type { Contact } from '../../rules/contact/contact';
import type { Sequence } from '../../rules/sequence/sequence';
import { type DatedStart, dueCondition, dueEntry, isDated } from '../../rules/sequence/starts';
import { localDate } from '../../rules/time/localDate';
import type { Condition } from '../../rules/trigger/condition';
import { type DoorDeps, enterSequence } from './door';

/** Contacts of a read. */
const PAGE = 500;

const NOBODY: DuePage = { looked: 0, started: 0, repeated: 0, refused: 0, next: null };

export async function datedSequences({ stores }: DoorDeps): Promise<readonly string[]> {
  const inForce = await stores.sequences.inForce();
  return inForce
    .filter(({ body }) => isDated(body.start))
    .map(({ id, version }) => versionRef(id, version));
}

/** One page. Repeats are harmless: what is due names the entry. A version that is gone has nobody due. */
export async function lookForDue(
  deps: DoorDeps,
  { sequence, at, after }: DueLook,
): Promise<DuePage> {
  const pinned = parseVersionRef(sequence);
  const version = pinned && (await deps.stores.sequences.find(pinned.id, pinned.version));
  const start = version?.body.start;
  if (!version || !start || !isDated(start)) return NOBODY;

  const asked = conditionOf(version.body, start, localDate(at, deps.timezone));
  const found = await deps.stores.contacts.candidates(asked, after, PAGE);
  const answers = await mapInParallel(found, (contact) =>
    enterIfDue(deps, { version, start, at }, contact),
  );

  const counted = (kind: EntryAnswer['kind']) =>
    answers.filter((answer) => answer?.kind === kind).length;
  return {
    looked: found.length,
    started: counted('started'),
    repeated: counted('repeated'),
    refused: counted('refused'),
    next: found.length < PAGE ? null : (found.at(-1)?.contactId ?? null),
  };
}

/** What the store can be asked: who may be due, and may be of the audience. */
function conditionOf({ audience }: Sequence, start: DatedStart, today: string): Condition {
  const due = dueCondition(start, today);
  const parts = [...(due ? [due] : []), ...(audience ? [audience] : [])];
  return parts.length === 0 ? {} : { $and: parts };
}

interface Look {
  readonly version: Version<Sequence>;
  readonly start: DatedStart;
  readonly at: string;
}

/** Null: it is not due. */
async function enterIfDue(
  deps: DoorDeps,
  { version, start, at }: Look,
  contact: Contact,
): Promise<EntryAnswer | null> {
  const zone = contact.timezone ?? deps.timezone;
  const due = dueEntry(start, contact, localDate(at, zone), zone);
  return due === null ? null : await enterSequence(deps, version, contact, due);
}
