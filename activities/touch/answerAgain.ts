// Touches that an execution before this one finished: they get the answer they got then.

import { followTasked } from './follow';
import type { ClosedTouch, ReservedTouch, TouchContext } from './path';
import { answerOfKept } from './verdict';
import { wakeOthers } from './wakeOthers';

/** The crash may have come before a mass send was followed, or before those who wait for the touch were woken: both are done again. */
export async function answerAgain(
  context: TouchContext,
  finished: readonly ReservedTouch[],
): Promise<readonly ClosedTouch[]> {
  const tasked = finished.filter(({ kept }) => kept.state === 'tasked');
  if (tasked.length > 0) await followAgain(context, tasked);
  await wakeOthers(
    context,
    finished.filter(({ kept }) => kept.state !== 'tasked'),
  );

  return finished.map(({ place, kept, asked }) => ({ place, verdict: answerOfKept(kept, asked) }));
}

async function followAgain(context: TouchContext, tasked: readonly ReservedTouch[]): Promise<void> {
  const ids = tasked.map(({ kept }) => kept.touchId);
  const records = await context.deps.stores.deliveries.findMany(ids);
  const known = new Map(records.map((record) => [record.touchId, record]));

  const followed = tasked.flatMap((touch) => {
    const record = known.get(touch.kept.touchId);
    const { channelRef } = touch.kept;
    return record && channelRef !== undefined ? [{ touch, record, channelRef }] : [];
  });

  await followTasked(context, followed);
}
