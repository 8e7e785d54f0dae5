// What a customer allows: consents with their evidence, and times of rest.

import { signalRuns, wakeRuns } from '../../intake/launch';
import { CHANNELS, consentChanges, dndEntries, optOut } from '../../rules/contact/contact.schema';
import * as answers from '../answers';
import { endpoint } from '../exchange';
import { visibleContact } from '../scope';
import { contactView } from '../views';

export const putConsents = endpoint({
  summary: ['记录授权与撤回（立即生效）', 'Record consents; a withdrawal works at once'],
  body: consentChanges,
  answer: answers.contact,
  async handle(exchange) {
    const { deps, caller, params, body } = exchange;
    const { contactId } = await visibleContact(exchange, params.contactId ?? '');
    const at = new Date(deps.clock.now()).toISOString();
    const changes = body.changes.map((change) => ({ at, ...change }));
    await deps.stores.contacts.consent(contactId, changes);
    // Running journeys stop at once; should one not hear it, the gate refuses its next touch all the same.
    const withdrawn = changes.filter(
      (change) => change.state === 'refused' && change.class === 'marketing',
    );

    await Promise.all(
      withdrawn.map(({ channel, at: withdrawnAt }) =>
        signalRuns(deps, contactId, { kind: 'opted-out', at: withdrawnAt, channel }),
      ),
    );

    return { body: contactView(caller, await visibleContact(exchange, contactId)) };
  },
});

export const getConsents = endpoint({
  summary: [
    '授权现状与全部凭证（来源、文本版本、时间；永不删除）',
    'What a customer allows, and the evidence of every grant and withdrawal; nothing of it is ever deleted',
  ],
  answer: answers.consents,
  async handle(exchange) {
    const { deps, params } = exchange;
    const contact = await visibleContact(exchange, params.contactId ?? '');
    const {
      contactId,
      consents = {},
      blocks = [],
      dnd = [],
      quietHours,
      personalisation = true,
    } = contact;
    const evidence = await deps.stores.contacts.consentLog(contactId);

    return {
      body: {
        contactId,
        consents,
        blocks,
        dnd,
        personalisation,
        ...(quietHours && { quietHours }),
        evidence,
      },
    };
  },
});

export const staffOptOut = endpoint({
  summary: [
    '员工代客户登记“不再营销”（立即生效，停止进行中的旅程）',
    'A member of staff passes on that the customer wants no more marketing; works at once',
  ],
  body: optOut,
  answer: answers.contact,
  async handle(exchange) {
    const { deps, caller, params, body } = exchange;
    const { contactId } = await visibleContact(exchange, params.contactId ?? '');
    const at = new Date(deps.clock.now()).toISOString();
    const { channel, ...given } = body;
    const evidence = { class: 'marketing', state: 'refused', at, ...given } as const;
    const channels = channel === 'all' ? CHANNELS : [channel];

    await deps.stores.contacts.consent(
      contactId,
      channels.map((each) => ({ channel: each, ...evidence })),
    );

    await signalRuns(deps, contactId, {
      kind: 'opted-out',
      at,
      ...(channel !== 'all' && { channel }),
    });

    return { body: contactView(caller, await visibleContact(exchange, contactId)) };
  },
});

export const putDnd = endpoint({
  summary: ['设置免打扰时段（整体替换）', 'Replace the times of do-not-disturb'],
  body: dndEntries,
  answer: answers.contact,
  async handle(exchange) {
    const { deps, caller, params, body } = exchange;
    const { contactId } = await visibleContact(exchange, params.contactId ?? '');
    await deps.stores.contacts.patch(contactId, { dnd: body.dnd });
    await wakeRuns(deps, contactId, 'profile');

    return { body: contactView(caller, await visibleContact(exchange, contactId)) };
  },
});
