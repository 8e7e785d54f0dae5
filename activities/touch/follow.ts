// Touches that wait for a WeCom mass send have it followed.

import type { DeliveryRecord } from '../../ports/deliveries';
import { followMassSends } from '../massSend/follow';
import type { ReservedTouch, TouchContext } from './path';
import { deadlineOfKept } from './verdict';

interface TaskedTouch {
  readonly touch: ReservedTouch;
  readonly record: DeliveryRecord;
  /** WeCom's msgid. */
  readonly channelRef: string;
}

/** Asking twice is harmless. */
export function followTasked(
  { deps }: TouchContext,
  tasked: readonly TaskedTouch[],
): Promise<void> {
  const waiting = tasked.flatMap(({ touch, record, channelRef: msgid }) => {
    const { channel, staffId } = record;
    if (channel !== 'wecom' || staffId === undefined) return [];

    const deadline = Date.parse(deadlineOfKept(touch.kept, touch.asked));
    return [{ msgid, staffId, deadline }];
  });

  return followMassSends(deps.engine, waiting);
}
