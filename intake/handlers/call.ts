// Results of calls placed through the IOP.

import type { CallResult } from '../../ports/callbacks';
import { CodedError } from '../../rules/base/errors';
import { formatSettlementReason } from '../../rules/contact/settlementReason';
import type { IntakeDeps } from '../deps';
import { wakeRuns } from '../launch';

/** A call nobody dialled did not contact the customer: its slot is free again. The journey first learns that the touch ended, then how. */
export async function handleCall(deps: IntakeDeps, result: CallResult): Promise<void> {
  const { stores, engine } = deps;
  const { clientCallId: touchId, callId, outcome, dialled, at } = result;
  const delivery = await stores.deliveries.find(touchId);
  if (!delivery) throw new CodedError('NOT_FOUND', `no delivery of touch ${touchId} is known`);

  const { contactId, workflowId } = delivery;

  const reason = { kind: 'call', outcome: result.outcomeSaid ?? outcome } as const;
  const ending = dialled
    ? ({ settled: 'sent', deliveredAt: at } as const)
    : ({ settled: 'released', reason } as const);

  await stores.touches.settle(contactId, touchId, { ...ending, channelRef: callId, at });
  await stores.deliveries.closeTasks([touchId]);
  await engine.signal(workflowId, {
    signal: 'settled',
    body: { touchId, settled: ending.settled, why: formatSettlementReason(reason) },
  });

  await engine.signal(workflowId, {
    signal: 'contact',
    body: { kind: 'call-result', at, channel: 'call', touchId, outcome },
  });

  await wakeRuns(deps, contactId, 'slots');
}
