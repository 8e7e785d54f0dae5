// What is heard of a touch after its rows went into an archive: nothing can be settled any more, and nobody has to look at it.

import type { Inbound } from '../ports/inbox';
import { groupOf } from '../rules/ledger/subject';
import type { IntakeDeps } from './deps';

/** The item is about what is archived: it is kept as discarded, with this reason. */
export class TooLateError extends Error {
  override readonly name = 'TooLateError';
}

type ArchiveKnowledge = Pick<IntakeDeps, 'subjectOf'> & {
  readonly stores: Pick<IntakeDeps['stores'], 'archives' | 'deliveries'>;
};

/**
 * The touch that an item is about, if the ledger has nothing of it because it is archived. What a channel says of a touch that never
 * was is another matter: that one was asked for later, or for nobody of whom rows are archived.
 */
export async function archivedTouchIn(
  { stores: { archives, deliveries }, subjectOf }: ArchiveKnowledge,
  { payload }: Pick<Inbound, 'payload'>,
): Promise<string | null> {
  const touchId = touchIn(payload);
  const latest = touchId === undefined ? null : await archives.latest();
  if (touchId === undefined || !latest) return null;

  const delivery = await deliveries.find(touchId);
  const names = delivery ? [delivery.contactId] : touchId.split('/');
  const subjects = names.map((contactId) => groupOf({ contactId }, subjectOf));
  const beginnings = await archives.beginningsOf(subjects, latest.until);
  const isArchived = beginnings.some(
    ({ until }) => !delivery || delivery.askedAt < Date.parse(until),
  );

  return isArchived ? touchId : null;
}

/** Of a receipt, the result of a call, or an opened link. */
function touchIn(payload: Inbound['payload']): string | undefined {
  const { clientMessageId, clientCallId, data } = payload as {
    readonly clientMessageId?: string;
    readonly clientCallId?: string;
    readonly data?: { readonly touchId?: string };
  };
  return clientMessageId ?? clientCallId ?? data?.touchId;
}
