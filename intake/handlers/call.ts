// Results of calls placed through the IOP.

import type { CallResult } from '../../ports/callbacks';
import { CodedError } from '../../rules/base/errors';
import { formatSettlementReason } from '../../rules/contact/settlementReason';
import { formatInstant, instantAt } from '../../rules/time/instant';
import type { IntakeDeps } from '../deps';
import { wakeRuns } from '../launch';

/**
 * A call nobody dialled did not contact the customer: its slot is free again, unless another result says that somebody did. The
 * journey first learns that the touch ended, then how.
 */
export async function handleCall(deps: IntakeDeps, result: CallResult): Promise<void> {
  const { stores, engine } = deps;
  const { clientCallId: touchId, callId, outcome, outcomeSaid = outcome, dialled } = result;
  const delivery = await stores.deliveries.find(touchId);
  if (!delivery) throw new CodedError('NOT_FOUND', `no delivery of touch ${touchId} is known`);

  const { contactId, workflowId } = delivery;
  const at = formatInstant(instantAt(result.at, 'at'));
  const { state } = await stores.touches.receive(contactId, touchId, {
    channelRef: callId,
    part: 1,
    parts: 1,
    state: dialled ? 'delivered' : 'failed',
    heardAt: formatInstant(deps.clock.now()),
    at,
    code: outcomeSaid,
  });
  await stores.deliveries.closeTasks([touchId]);

  const settled = state === 'released' ? 'released' : 'sent';
  const why = formatSettlementReason({ kind: 'call', outcome: outcomeSaid });
  await engine.signal(workflowId, { signal: 'settled', body: { touchId, settled, why } });

  await engine.signal(workflowId, {
    signal: 'contact',
    body: {
      kind: 'call-result',
      at,
      channel: 'call',
      touchId,
      outcome,
      ...(outcome === 'accepted' && { acceptance: touchId, eventId: callId }),
    },
  });

  await wakeRuns(deps, contactId, 'slots');
}
