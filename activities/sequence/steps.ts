// How the steps of a run stand: kept for good.

import { parseVersionRef } from '../../rules/base/ids';
import type { KeepStepInput } from '../contract';
import type { ActivityDeps, CallingRun } from '../deps';

/** Nothing is kept of who was forgotten. */
export async function keepStep(
  { stores }: ActivityDeps,
  { workflowId }: CallingRun,
  { sequence, ...step }: KeepStepInput,
): Promise<void> {
  const contact = await stores.contacts.find(step.contactId);
  if (!contact) return;

  const { id: sequenceId, version } = parseVersionRef(sequence) ?? { id: sequence, version: 0 };
  await stores.sequenceSteps.keep({ ...step, workflowId, city: contact.city, sequenceId, version });
}
