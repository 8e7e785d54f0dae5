// What became of a mass send for one customer, from WeCom's numbers to our words.

import type { RowResult } from '../../ports/wecom';
import type { SendResult } from './answers';

/** `status` as WeCom counts it. */
export function resultOf({ status, send_time }: SendResult): RowResult {
  switch (status) {
    case 0:
      return { kind: 'waiting' };
    case 1:
      if (send_time === undefined) break;
      return { kind: 'sent', deliveredAt: send_time * 1000 };
    case 2:
      return { kind: 'failed', why: 'not-a-friend' };
    case 3:
      return { kind: 'failed', why: 'platform-cap' };
  }

  return { kind: 'unreadable', said: `status ${status}, send_time ${send_time}` };
}
