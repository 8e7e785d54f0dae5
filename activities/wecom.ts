// What journeys ask of WeCom besides a touch: tags of a relation and the life of a mass send.

import { CodedError } from '../rules/base/errors';
import type { MassSendState } from './contract';
import type { ActivityDeps } from './deps';

export async function tagCustomer(
  deps: ActivityDeps,
  input: { readonly contactId: string; readonly staffId: string; readonly tags: readonly string[] },
): Promise<void> {
  const contact = await deps.stores.contacts.find(input.contactId);
  const relation = contact?.relations?.find(
    ({ staffId, state }) => staffId === input.staffId && state === 'friend',
  );
  if (!relation)
    throw new CodedError(
      'NOT_FOUND',
      `contact ${input.contactId} is not a friend of ${input.staffId}`,
    );

  await deps.wecom.tag(input.staffId, relation.externalUserId, input.tags);
}

/** Null while WeCom still dispatches the mass send. */
export async function massSendStates(
  deps: ActivityDeps,
  input: {
    readonly msgid: string;
    readonly staffId: string;
    readonly touches: readonly { readonly touchId: string; readonly externalUserId: string }[];
  },
): Promise<readonly MassSendState[] | null> {
  const states: MassSendState[] = [];
  for (const { touchId, externalUserId } of input.touches) {
    const result = await deps.wecom.massSendResult(input.msgid, input.staffId, externalUserId);
    if (result === null) return null;

    if (result.kind === 'sent')
      states.push({
        touchId,
        state: 'sent',
        deliveredAt: new Date(result.deliveredAt).toISOString(),
      });
    else if (result.kind === 'failed') states.push({ touchId, state: 'failed', why: result.why });
    else states.push({ touchId, state: 'waiting' });
  }

  return states;
}
