// Which handler an inbox item belongs to.

import type { SystemCallback, WecomCallback } from '../ports/callbacks';
import type { Inbound } from '../ports/inbox';
import type { Lead } from '../ports/leads';
import { parseWith } from '../rules/input/parse';
import { type CustomerEvent, customerEvent } from '../rules/journey/event.schema';
import { leadInput } from '../rules/journey/journey.schema';
import type { IntakeDeps } from './deps';
import { handleCall } from './handlers/call';
import { handleEvent } from './handlers/event';
import { handleLead } from './handlers/lead';
import { handleOrder } from './handlers/order';
import { handleReceipt, handleUpstream } from './handlers/sms';
import { handleWecom } from './handlers/wecom';

/** Every handler may be run again for the same item: each step of theirs is harmless when repeated. */
export function createHandler(deps: IntakeDeps): (item: Inbound) => Promise<void> {
  return async ({ kind, payload, receivedAt }) => {
    switch (kind) {
      case 'event':
        return handleEvent(deps, parseWith<CustomerEvent>(customerEvent, payload, ''), receivedAt);
      case 'lead':
        return handleLead(deps, parseWith<Lead>(leadInput, payload, ''));
      case 'wecom':
        // Written by us from what the codec had verified.
        return handleWecom(deps, payload as unknown as WecomCallback);
      case 'sms':
      case 'crm':
      case 'iop':
        return handleSystem(deps, payload as unknown as SystemCallback);
    }
  };
}

function handleSystem(deps: IntakeDeps, callback: SystemCallback): Promise<void> {
  switch (callback.type) {
    case 'receipt':
      return handleReceipt(deps, callback);
    case 'upstream':
      return handleUpstream(deps, callback);
    case 'order':
      return handleOrder(deps, callback);
    case 'call':
      return handleCall(deps, callback);
  }
}
