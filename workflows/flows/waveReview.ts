// Something has changed for customers whose touches of waves wait for staff: those touches are judged again at once.

import type { JourneyResult } from '../../rules/journey/messages';
import { wakeSignal } from '../kit/messages';
import { reviewWaveTasks } from '../kit/proxies';
import { setHandler } from '../kit/temporal';

export async function waveReview(_input: { readonly version: 1 }): Promise<JourneyResult> {
  let isWoken = true;
  setHandler(wakeSignal, () => {
    isWoken = true;
  });

  // Whoever is hastened while a page is looked at may not be on it.
  while (isWoken) {
    isWoken = false;
    const { more } = await reviewWaveTasks({ version: 1 });
    isWoken ||= more;
  }

  return { outcome: 'reviewed' };
}
