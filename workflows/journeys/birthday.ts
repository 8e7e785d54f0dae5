// It is the customer's birthday: wish a happy one at 10:00 through the member the customer knows, and leave it at that.

import type { InputOf } from '../../rules/journey/kinds';
import type { JourneyResult } from '../../rules/journey/messages';
import { dateAt } from '../../rules/time/anchors';
import { runJourney } from '../kit/journey';

const HOUR = '10:00';
/** Wishes of the day after are worse than none. */
const END_OF_DAY = '23:59';

export async function birthday(input: InputOf<'birthday'>): Promise<JourneyResult> {
  return runJourney('birthday', input, async (run) => {
    await run.waitUntil(
      (zone) => dateAt(input.day, HOUR, zone),
      '生日当天 10:00 · the birthday, 10:00 local',
    );

    const end = dateAt(input.day, END_OF_DAY, await run.zone());
    const wished = await run.touch({
      step: 'wish',
      channel: 'wecom',
      class: 'service',
      category: 'birthday',
      template: 'birthday',
      staffId: run.staffId,
      relevance: [], // only the day
      expiresAt: new Date(end).toISOString(),
    });

    return wished.kind === 'sent' ? 'wished' : 'not-wished';
  });
}
