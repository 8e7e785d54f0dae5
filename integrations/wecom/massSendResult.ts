// What became of a mass send for one customer, from WeCom's numbers to our words.

import type { MassSendResult } from '../../ports/wecom';
import { CodedError } from '../../rules/base/errors';
import type { SendResult } from './answers';

/** `status` as WeCom counts it. */
export function resultOf(msgid: string, { status, send_time }: SendResult): MassSendResult {
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

  throw new CodedError(
    'UNAVAILABLE',
    `wecom mass send ${msgid}: status ${status}, send_time ${send_time} has no meaning known to us`,
  );
}
