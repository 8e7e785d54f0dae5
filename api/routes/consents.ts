// What a customer allows: consents with their evidence, and times of rest.

import type { z } from 'zod';
import { signalRuns, wakeRuns } from '../../intake/launch';
import { tellRefusals } from '../../intake/withdrawal';
import { CodedError, type Issue } from '../../rules/base/errors';
import {
  type ConsentEvidence,
  type ConsentStatement,
  isOwnRefusal,
} from '../../rules/contact/consentLog';
import { CHANNELS, consentChanges, dndEntries, optOut } from '../../rules/contact/contact.schema';
import { AHEAD, statedAtOf } from '../../rules/contact/statements';
import { formatInstant } from '../../rules/time/instant';
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
    const receivedAt = formatInstant(deps.clock.now());
    const statements = body.changes.map((change) => statementOf(change, receivedAt));
    assertNotAhead(statements);

    await deps.stores.contacts.consent(contactId, statements);
    await tellRefusals(deps, contactId, statements);

    return { body: contactView(caller, await visibleContact(exchange, contactId)) };
  },
});

type Change = z.infer<typeof consentChanges>['changes'][number];

/** Whoever passes on an act of the customer may say so; of some sources it is understood. */
function statementOf({ own, ...change }: Change, receivedAt: string): ConsentStatement {
  return { ...change, receivedAt, ...((own ?? isOwnRefusal(change)) && { own: true }) };
}

/** @throws CodedError INVALID_INPUT naming every statement that is dated later than it can have been made */
function assertNotAhead(statements: readonly ConsentStatement[]): void {
  const issues = statements.flatMap((statement, i): Issue[] => {
    if (statedAtOf(statement) !== null) return [];
    const path = `changes[${i}].at`;
    return [{ path, message: 'later than now', value: statement.at, allowed: AHEAD }];
  });
  if (issues.length > 0) throw new CodedError('INVALID_INPUT', 'dated later than now', issues);
}

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
      holds = [],
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
        holds,
        dnd,
        personalisation,
        ...(quietHours && { quietHours }),
        evidence: evidence.map(evidenceView),
      },
    };
  },
});

/** With the instant from which it counts; the address it came from is personal. */
function evidenceView({ address: _address, ...evidence }: ConsentEvidence) {
  const { receivedAt } = evidence;
  const statedAt = receivedAt === undefined ? evidence.at : countsFrom({ ...evidence, receivedAt });
  return { ...evidence, ...(statedAt !== undefined && { statedAt }) };
}

/** Undefined: it counts for nothing. */
function countsFrom(statement: ConsentStatement): string | undefined {
  const statedAt = statedAtOf(statement);
  return statedAt === null ? undefined : formatInstant(statedAt);
}

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
    const at = formatInstant(deps.clock.now());
    const { channel, ...given } = body;
    const said = { class: 'marketing', state: 'refused', ...given } as const;
    const evidence = { ...said, receivedAt: at, own: true } as const;
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
