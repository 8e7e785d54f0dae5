// The door into sequences for those who know contacts and sequences by their ids only.

import type { EntryAnswer, SequenceDoor } from '../../ports/sequenceDoor';
import type { EntryReason } from '../../rules/journey/reentry';
import { enterSequence } from './door';
import { datedSequences, lookForDue } from './dueLook';
import { type HappenedDeps, startSequences } from './happened';

export function createSequenceDoor(deps: HappenedDeps): SequenceDoor {
  const { contacts, sequences } = deps.stores;

  return {
    async enter(sequenceId, contactId, request) {
      const version = await sequences.current(sequenceId);
      if (!version) return refused('not-published');
      const contact = await contacts.find(contactId);
      if (!contact) return refused('unknown-contact');
      return await enterSequence(deps, version, contact, request);
    },

    async happened(contactId, happening, told) {
      const contact = await contacts.find(contactId);
      if (contact) await startSequences(deps, contact, happening, told);
    },

    dated: () => datedSequences(deps),
    look: (request) => lookForDue(deps, request),
  };
}

const refused = (reason: EntryReason): EntryAnswer => ({ kind: 'refused', reason });
