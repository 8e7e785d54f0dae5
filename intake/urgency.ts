// How much of a hurry an item is in, by what it says.

import type { SystemCallback, WecomCallback } from '../ports/callbacks';
import type { Urgency } from '../ports/inbox';
import { isOptOut } from '../rules/contact/optOut';
import type { CustomerEvent } from '../rules/journey/event.schema';

/** A complaint ends marketing at once; bills come by the hundred thousand. */
export function urgencyOfEvent({ type }: Pick<CustomerEvent, 'type'>): Urgency {
  if (type === 'complaint') return 'urgent';
  return type === 'bill' ? 'bulk' : 'prompt';
}

/** A welcome expires within seconds, and nobody is written to who has left. */
export function urgencyOfWecom({ kind }: Pick<WecomCallback, 'kind'>): Urgency {
  return kind === 'added' || kind === 'removed-by-staff' || kind === 'removed-by-customer'
    ? 'urgent'
    : 'prompt';
}

export function urgencyOfSystem(callback: SystemCallback): Urgency {
  return callback.type === 'upstream' && isOptOut(callback.text) ? 'urgent' : 'prompt';
}
