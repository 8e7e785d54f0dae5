// What running journeys hear when something was said of the contact's consents.

import type { ConsentStatement } from '../rules/contact/consentLog';
import type { IntakeDeps } from './deps';
import { signalRuns, wakeRuns } from './launch';

type WithdrawalDeps = Pick<IntakeDeps, 'stores' | 'engine'>;

/**
 * Tells them which refusals stand, marketing at once and by channel; should one not hear it, the gate refuses its next touch all
 * the same. A refusal that a later word has lifted is told to nobody.
 */
export async function tellRefusals(
  deps: WithdrawalDeps,
  contactId: string,
  statements: readonly ConsentStatement[],
): Promise<void> {
  const refusals = statements.filter(({ state }) => state === 'refused');
  if (refusals.length === 0) return;

  const contact = await deps.stores.contacts.find(contactId);
  const standing = refusals.filter(
    ({ channel, class: name }) => contact?.consents?.[channel]?.[name] === 'refused',
  );
  const ofMarketing = standing.filter((refusal) => refusal.class === 'marketing');

  await Promise.all(
    ofMarketing.map((refusal) =>
      signalRuns(deps, contactId, {
        kind: 'opted-out',
        at: heardOrEarlier(refusal),
        channel: refusal.channel,
      }),
    ),
  );
  // Open tasks of other classes may have become wrong.
  if (ofMarketing.length < standing.length) await wakeRuns(deps, contactId, 'profile');
}

/** Both are in UTC with milliseconds: their texts compare as they do. */
const heardOrEarlier = ({ at, receivedAt }: ConsentStatement): string =>
  at !== undefined && at < receivedAt ? at : receivedAt;
