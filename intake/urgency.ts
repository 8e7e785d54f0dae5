// How much of a hurry an item is in, by what it says.

import type { SystemCallback, WecomCallback } from '../ports/callbacks';
import type { Urgency } from '../ports/inbox';
import { refusalReader } from '../rules/contact/refusal';
import { isOwnEvent, type ReportedEvent } from '../rules/event/readEvent.schema';

/** The words of every deployment; those of one alone are not in a hurry, and taken all the same. */
const read = refusalReader();

const mayRefuse = (text: string | undefined): boolean => text !== undefined && read(text) !== 'no';

/** A complaint or a refusal ends marketing at once; bills come by the hundred thousand. */
export function urgencyOfEvent(event: ReportedEvent): Urgency {
  if (isOwnEvent(event)) return 'prompt';
  if (event.type === 'complaint') return 'urgent';
  if (event.type === 'customer-message' && mayRefuse(event.data.text)) return 'urgent';
  return event.type === 'bill' ? 'bulk' : 'prompt';
}

/** A welcome expires within seconds, and nobody is written to who has left. */
export function urgencyOfWecom({ kind }: Pick<WecomCallback, 'kind'>): Urgency {
  return kind === 'added' || kind === 'removed-by-staff' || kind === 'removed-by-customer'
    ? 'urgent'
    : 'prompt';
}

export function urgencyOfSystem(callback: SystemCallback): Urgency {
  return callback.type === 'upstream' && mayRefuse(callback.text) ? 'urgent' : 'prompt';
}
