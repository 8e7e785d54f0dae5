// A sequence that follows another: its rules let the contact in, or they do not.

import type { RunRecord } from '../../ports/runs';
import { CodedError } from '../../rules/base/errors';
import { versionRef } from '../../rules/base/ids';
import { journeyInput, journeyKind } from '../../rules/journey/kinds';
import { type EarlierRun, entryRefusal } from '../../rules/journey/reentry';
import { formatInstant } from '../../rules/time/instant';
import { createMatcher } from '../../rules/trigger/matcher';
import type { EnterInput } from '../contract';
import type { ActivityDeps } from '../deps';
import type { PublishedVersions } from '../published';

interface Entered {
  readonly entered: boolean;
  readonly why?: string;
}

/** The run is started before its row is written: a start that failed leaves none, and asking again finds the run. */
export async function enterSequence(
  { stores, engine, clock }: ActivityDeps,
  published: PublishedVersions,
  { contactId, sequence, ...start }: EnterInput,
): Promise<Entered> {
  const contact = await stores.contacts.find(contactId);
  if (!contact) throw new CodedError('NOT_FOUND', `contact ${contactId} does not exist`);
  const current = await stores.sequences.current(sequence);
  if (!current) return { entered: false, why: 'not-published' };

  const { audience, reentry } = current.body;
  if (audience && !createMatcher(audience)(contact)) return { entered: false, why: 'audience' };

  const startedAt = formatInstant(clock.now());
  const zone = contact.timezone ?? (await published.policyFor(contact.city, startedAt)).timezone;
  const given = { ...start, sequence: versionRef(sequence, current.version), reentry };
  const input = journeyInput('sequence', contact.contactId, given, zone);
  const runs = await stores.runs.ofContact(contact.contactId);
  const refusal = entryRefusal(reentry, earlierRuns(runs, sequence), input.entry);
  if (refusal) return { entered: false, why: refusal };

  const workflowId = journeyKind('sequence').workflowId(input);
  const { entry, staffId } = input;
  const { city } = contact;
  const answer = await engine.start('sequence', workflowId, input, { city });
  await stores.runs.openNew({
    ...{ workflowId, journey: 'sequence', contactId: input.contactId, city, entry, startedAt },
    ...(staffId !== undefined && { staffId }),
  });

  return { entered: answer === 'started' };
}

const earlierRuns = (runs: readonly RunRecord[], sequence: string): readonly EarlierRun[] =>
  runs.flatMap(({ journey, entry = '', state }) =>
    journey === 'sequence' && entry.startsWith(`${sequence}/`)
      ? [{ entry, isRunning: state === 'running' }]
      : [],
  );
