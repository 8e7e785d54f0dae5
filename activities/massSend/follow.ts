// Each mass send is followed by a flow of its own until staff have acted or its deadline passes.

import type { Engine } from '../../ports/engine';
import { mapInParallel } from '../../rules/base/mapInParallel';
import type { MassSendInput } from '../../rules/journey/messages';
import { formatInstant } from '../../rules/time/instant';

/** A touch that waits for a mass send. */
interface Waiting {
  readonly msgid: string;
  readonly staffId: string;
  /** Milliseconds. */
  readonly deadline: number;
}

/** One flow a mass send, up to the deadline of whoever has least time; asking twice is harmless. */
export async function followMassSends(
  engine: Pick<Engine, 'followMassSend'>,
  waiting: readonly Waiting[],
  more: Pick<MassSendInput, 'isRemade'> = {},
): Promise<void> {
  const soonest = new Map<string, Waiting>();
  for (const each of waiting) {
    const known = soonest.get(each.msgid);
    if (!known || each.deadline < known.deadline) soonest.set(each.msgid, each);
  }

  await mapInParallel([...soonest.values()], ({ msgid, staffId, deadline }) =>
    engine.followMassSend({
      version: 2,
      msgid,
      staffId,
      deadline: formatInstant(deadline),
      ...more,
    }),
  );
}
