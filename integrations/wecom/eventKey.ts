// The key of an event: WeCom numbers none, but says the same of one however often it posts it.

import { createHash } from 'node:crypto';

export type EventFields = Readonly<Record<string, string>>;

/** What tells one change of a relation from another; the rest, such as a welcome code, belongs to the post and not to the fact. */
const OF_RELATIONS = [
  'ChangeType',
  'CreateTime',
  'Event',
  'ExternalUserID',
  'FailReason',
  'Source',
  'State',
  'UserID',
];

const RELATION_EVENT = 'change_external_contact';

/** The order of fields is not promised. */
export function eventKey(fields: EventFields): string {
  const isOfFact = (name: string): boolean =>
    fields.Event !== RELATION_EVENT || OF_RELATIONS.includes(name);
  const said = Object.entries(fields)
    .filter(([name, value]) => isOfFact(name) && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `wecom/${createHash('sha256').update(JSON.stringify(said)).digest('hex')}`;
}

/** The key of the event that a customer has added a member. */
export const addedKey = (
  staffId: string,
  externalUserId: string,
  createTime: number,
  state?: string,
): string =>
  eventKey({
    Event: RELATION_EVENT,
    ChangeType: 'add_external_contact',
    UserID: staffId,
    ExternalUserID: externalUserId,
    CreateTime: String(createTime),
    ...(state !== undefined && { State: state }),
  });
