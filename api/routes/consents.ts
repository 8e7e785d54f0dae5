// What a customer allows: consents with their evidence, and times of rest.

import { consentChanges, dndEntries } from '../../rules/contact.schema';
import * as answers from '../answers';
import { endpoint } from '../exchange';
import { tell } from '../intake/launch';
import { contactOf } from '../scope';
import { contactView } from '../views';

export const putConsents = endpoint({
  summary: ['记录授权与撤回（立即生效）', 'Record consents; a withdrawal works at once'],
  body: consentChanges,
  answer: answers.contact,
  async handle(exchange) {
    const { deps, caller, params, body } = exchange;
    const { contactId } = await contactOf(exchange, params.contactId ?? '');
    const at = new Date(deps.clock.now()).toISOString();
    const changes = body.changes.map((change) => ({ at, ...change }));
    await deps.stores.contacts.consent(contactId, changes);
    // Running journeys stop at once; should one not hear it, the gate refuses its next touch all the same.
    for (const change of changes)
      if (change.state === 'refused' && change.class === 'marketing')
        await tell(deps, contactId, { kind: 'opted-out', at: change.at, channel: change.channel });
    return { body: contactView(caller, await contactOf(exchange, contactId)) };
  },
});

export const putDnd = endpoint({
  summary: ['设置免打扰时段（整体替换）', 'Replace the times of do-not-disturb'],
  body: dndEntries,
  answer: answers.contact,
  async handle(exchange) {
    const { deps, caller, params, body } = exchange;
    const { contactId } = await contactOf(exchange, params.contactId ?? '');
    await deps.stores.contacts.patch(contactId, { dnd: body.dnd });
    return { body: contactView(caller, await contactOf(exchange, contactId)) };
  },
});
