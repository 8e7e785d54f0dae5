// What keeps a version of a sequence from being published: what it refers to is not there, or does not fit.

import type { Version } from '../ports/library';
import type { Stores } from '../ports/stores';
import type { Issue } from '../rules/base/errors';
import { type SequenceFault, sequenceFaults, wantedOf } from '../rules/sequence/faults';
import type { Sequence } from '../rules/sequence/sequence';
import { sequenceFaultWords } from '../rules/words/sequenceFault';
import { publishedReferences } from './calendarChecks';
import { refuseFaults } from './refuseFaults';

type Published = Pick<Stores, 'templates' | 'catalogues' | 'sequences'>;

export async function faultsOfSequence(
  stores: Published,
  id: string,
  sequence: Sequence,
): Promise<readonly SequenceFault[]> {
  const references = await publishedReferences(stores, wantedOf(sequence));
  const sequenceIds = (await stores.sequences.inForce()).map((version) => version.id);

  return sequenceFaults(id, sequence, { ...references, sequenceIds });
}

/** @throws CodedError INVALID_INPUT naming every fault and its place */
export async function assertFaultlessSequence(
  stores: Published,
  version: Version<Sequence>,
): Promise<void> {
  const faults = await faultsOfSequence(stores, version.id, version.body);
  refuseFaults(version, 'published', faults.map(issueOf));
}

export function issueOf(fault: SequenceFault): Issue {
  const { 'zh-CN': zh, en } = sequenceFaultWords(fault);
  return { path: fault.path, message: `${zh} · ${en}`, value: fault.value };
}
