// Rules have been published: every touch that waits for staff is judged again as soon as they are in force.

import type { JourneyResult, TaskReviewInput } from '../../rules/journey/messages';
import { now } from '../kit/now';
import { isPublished, reviewTaskPage } from '../kit/proxies';
import { setCurrentDetails, sleep } from '../kit/temporal';

/** Begun just before the publication: how often it is looked for, and how long. */
const LOOK_MS = 2000;
const MAX_LOOKS = 30;

export async function taskReview(input: TaskReviewInput): Promise<JourneyResult> {
  if (!(await waitForPublication(input))) return { outcome: 'never-published' };

  const from = Date.parse(input.effectiveFrom ?? '') || now();
  if (from > now()) await sleep(from - now());

  let told = 0;
  const { rules } = input;
  let page = await reviewTaskPage({ rules });
  for (;;) {
    told += page.told;
    setCurrentDetails(`待确认触达已重新判定 · runs told: **${told}**`);
    if (page.after === undefined) return { outcome: 'reviewed' };
    page = await reviewTaskPage({ rules, after: page.after });
  }
}

async function waitForPublication({ rules, id, number }: TaskReviewInput): Promise<boolean> {
  for (let look = 0; look < MAX_LOOKS; look++) {
    if (await isPublished({ rules, id, number })) return true;
    await sleep(LOOK_MS);
  }

  return false;
}
