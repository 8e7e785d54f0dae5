// Rows of a batch on their way into the inbox: only of contacts that exist and that the caller may see.

import type { Caller } from '../ports/auth';
import type { Inbound, PutOutcome } from '../ports/inbox';
import { CodedError } from '../rules/base/errors';
import { type RowAnswer, refusal } from './batch';
import type { ApiDeps } from './deps';
import { allows, unknown } from './scope';

export interface InboundRow {
  readonly row: number;
  readonly id: string;
  readonly contactId: string;
  readonly inbound: Inbound;
}

/** Puts the rows into the inbox and answers each: accepted, duplicate, or refused for an unknown contact or another content of its id. */
export async function takeRows(
  deps: Pick<ApiDeps, 'stores' | 'intake'>,
  caller: Caller,
  rows: readonly InboundRow[],
): Promise<readonly RowAnswer[]> {
  const contacts = await deps.stores.contacts.findMany([
    ...new Set(rows.map(({ contactId }) => contactId)),
  ]);
  const visible = new Set(
    contacts.filter(({ city }) => allows(caller, city)).map(({ contactId }) => contactId),
  );
  const taken = rows.filter(({ contactId }) => visible.has(contactId));
  const strangers = rows.filter(({ contactId }) => !visible.has(contactId));
  const outcomes = await deps.intake.put(taken.map(({ inbound }) => inbound));

  return [
    ...taken.map(({ row, id }, i) => answerOf(row, id, outcomes[i])),
    ...strangers.map(({ row, id, contactId }) => refusal(row, unknown('contactId', contactId), id)),
  ];
}

function answerOf(row: number, id: string, outcome: PutOutcome | undefined): RowAnswer {
  if (outcome === 'conflict') return refusal(row, conflicting(id), id);
  return { row, id, status: outcome === 'new' ? 'accepted' : 'duplicate' };
}

const conflicting = (id: string): CodedError =>
  new CodedError('CONFLICT', `${id} came before with other content`, [
    {
      path: 'id',
      message: 'came before with other content; what it says now is kept in the inbox as parked',
      value: id,
      allowed: 'a new id for every fact',
    },
  ]);
