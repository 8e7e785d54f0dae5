// A published sequence as its run carries it, and the days and conditions of its steps.

import type { Stores } from '../../ports/stores';
import { CodedError } from '../../rules/base/errors';
import { parseVersionRef, versionRef } from '../../rules/base/ids';
import { planOf, type SequencePlan, templatesOf } from '../../rules/sequence/plan';
import type { Sequence } from '../../rules/sequence/sequence';
import { nextDateOfKind } from '../../rules/sequence/stepTimes';
import { dayKindsOf } from '../../rules/time/dayKind';
import { createMatcher } from '../../rules/trigger/matcher';
import type { StepConditionInput, StepDateInput } from '../contract';

interface PlanDeps {
  readonly stores: Pick<Stores, 'sequences' | 'templates' | 'holidays' | 'contacts'>;
}

/** Texts that name no version are pinned to the one in force. One that is published no more keeps its bare id. */
export async function sequencePlan(
  { stores }: PlanDeps,
  { sequence }: { readonly sequence: string },
): Promise<SequencePlan> {
  const body = await publishedSequence(stores, sequence);
  const unpinned = templatesOf(body).filter((template) => parseVersionRef(template) === null);
  const pinned = await Promise.all(
    unpinned.map(async (id) => {
      const current = await stores.templates.current(id);
      return current ? [[id, versionRef(id, current.version)] as const] : [];
    }),
  );

  return planOf(body, new Map(pinned.flat()));
}

/** @throws CodedError NOT_FOUND */
async function publishedSequence(
  { sequences }: Pick<Stores, 'sequences'>,
  ref: string,
): Promise<Sequence> {
  const named = parseVersionRef(ref);
  const version = named && (await sequences.find(named.id, named.version));
  if (version?.state === 'published') return version.body;

  throw new CodedError('NOT_FOUND', `sequence ${ref} is not published`, [
    { path: 'sequence', message: 'not published', value: ref },
  ]);
}

/** Nothing published, no holidays: weekends rest, all other days work. */
export async function stepDate(
  { stores }: PlanDeps,
  { date, kind }: StepDateInput,
): Promise<{ readonly date: string }> {
  const table = await stores.holidays.current('cn');
  return { date: nextDateOfKind(date, kind, dayKindsOf(table?.body.days ?? {})) };
}

/** A contact that is gone meets no condition. */
export async function stepApplies(
  { stores }: PlanDeps,
  { contactId, sequence, step, run }: StepConditionInput,
): Promise<boolean> {
  const { steps } = await publishedSequence(stores, sequence);
  const condition = steps.find(({ id }) => id === step)?.when;
  if (condition === undefined) return true;

  const contact = await stores.contacts.find(contactId);
  return contact !== null && createMatcher(condition)({ ...contact, run });
}
