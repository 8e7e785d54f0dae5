// A task past its time whose end nobody has told: staff acted, or it is taken back.

import { formatInstant } from '../../rules/time/instant';
import type { BookDeps } from '../deps';
import { isFinalFailure } from '../failures';
import { type FoundOfTouch, released } from './found';
import type { FencedTouch } from './reap';

export async function askTasked(deps: BookDeps, fenced: FencedTouch): Promise<FoundOfTouch> {
  const { touch, record } = fenced;
  if (!record) return released('unknown', touch.channelRef);

  try {
    return touch.channel === 'wecom' ? await askWecom(deps, fenced) : await askOther(deps, fenced);
  } catch (error) {
    return isFinalFailure(error) ? released('unknown', touch.channelRef) : 'unanswered';
  }
}

/** Cancelled before it is read for the last time: what staff sent up to that moment is then known, and nothing can follow. */
async function askWecom(
  { wecom }: BookDeps,
  { touch, record }: FencedTouch,
): Promise<FoundOfTouch> {
  const { channelRef: msgid } = touch;
  const { staffId, externalUserId } = record ?? {};
  if (msgid === undefined || staffId === undefined || externalUserId === undefined)
    return released('unknown', msgid);

  const ask = () => wecom.massSendResult(msgid, staffId, externalUserId);
  let result = await ask();
  if (result?.kind === 'waiting') {
    await wecom.cancelMassSend(msgid);
    result = await ask();
  }

  if (result === null) return 'in-doubt';
  switch (result.kind) {
    case 'waiting':
      return released('unconfirmed', msgid);
    case 'sent': {
      const deliveredAt = formatInstant(result.deliveredAt);
      return { settled: 'sent', channelRef: msgid, deliveredAt };
    }
    case 'failed':
      return { settled: 'released', channelRef: msgid, reason: { kind: result.why } };
  }
}

/** A call that is still queued may yet be made: its result then says so. */
async function askOther(
  { channels }: BookDeps,
  { touch, record }: FencedTouch,
): Promise<FoundOfTouch> {
  const answer = record && (await channels.get(touch.channel)?.lookup(record));
  if (answer?.kind === 'sent') {
    const { channelRef, deliveredAt } = answer;
    return { settled: 'sent', channelRef, deliveredAt: formatInstant(deliveredAt) };
  }
  if (answer?.kind === 'refused')
    return { settled: 'released', reason: { kind: 'call', outcome: answer.reason } };
  return released('unconfirmed', touch.channelRef);
}
