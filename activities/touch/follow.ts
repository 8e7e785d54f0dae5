// A mass send is followed by a flow of its own until staff have acted or its deadline passes.

import type { DeliveryRecord } from '../../ports/deliveries';
import { mapInParallel } from '../../rules/base/mapInParallel';
import type { ReservedTouch, TouchContext } from './path';
import { deadlineOfKept } from './verdict';

interface TaskedTouch {
  readonly touch: ReservedTouch;
  readonly record: DeliveryRecord;
  /** WeCom's msgid. */
  readonly channelRef: string;
}

/** Starts the followers; asking twice is harmless. */
export async function followAll(
  context: TouchContext,
  tasked: readonly TaskedTouch[],
): Promise<void> {
  await mapInParallel(tasked, (each) => follow(context, each));
}

async function follow(
  { deps }: TouchContext,
  { touch, record, channelRef }: TaskedTouch,
): Promise<void> {
  const { staffId, externalUserId, touchId, contactId, workflowId } = record;
  if (record.channel !== 'wecom' || staffId === undefined || externalUserId === undefined) return;

  await deps.engine.followMassSend({
    version: 1,
    msgid: channelRef,
    staffId,
    touches: [{ touchId, contactId, externalUserId, workflowId }],
    deadline: deadlineOfKept(touch.kept, touch.asked),
  });
}
