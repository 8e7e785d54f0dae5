// Three days after a customer added a member of staff: thanks, an offer to go on talking, or a first word to the silent.

import type { InputOf } from '../../rules/journey/kinds';
import type { JourneyResult } from '../../rules/journey/messages';
import { dayAt } from '../../rules/time/anchors';
import { type JourneyRun, runJourney } from '../kit/journey';
import type { JourneyTouch } from '../kit/touch';

const DAY = 3;
const HOUR = '10:00';
const TEMPLATES = ['follow-up-bought', 'follow-up-spoke', 'follow-up-silent'] as const;

export async function followUp(input: InputOf<'followUp'>): Promise<JourneyResult> {
  return runJourney(
    { journey: 'followUp', templates: TEMPLATES, channels: ['wecom'] },
    input,
    async (run) => {
      const before = await run.facts();
      const due = dayAt(Date.parse(input.addedAt), DAY, HOUR, run.zone);
      await run.waitUntil(due, '第三天 10:00 · day 3, 10:00 local');

      const after = await run.facts();
      if (
        run.happened('converted') !== null ||
        after.products.some((product) => !before.products.includes(product))
      )
        return say(run, input, { template: 'follow-up-bought', class: 'service' }, 'thanked');

      const spoke =
        after.lastSpokeAt !== undefined &&
        Date.parse(after.lastSpokeAt) >= Date.parse(input.addedAt);
      if (spoke || run.happened('spoke') !== null)
        return say(run, input, { template: 'follow-up-spoke', class: 'marketing' }, 'followed-up');

      const silent = { kind: 'silent-since', at: input.addedAt } as const;
      return say(
        run,
        input,
        { template: 'follow-up-silent', class: 'marketing', relevance: [silent] },
        'followed-up',
      );
    },
  );
}

async function say(
  run: JourneyRun,
  { staffId }: InputOf<'followUp'>,
  text: Pick<JourneyTouch, 'template' | 'class' | 'relevance'>,
  outcome: string,
): Promise<string> {
  const relevance = [{ kind: 'friend-of', staffId } as const, ...(text.relevance ?? [])];
  const said = await run.touch({
    step: text.template,
    channel: 'wecom',
    category: 'follow-up',
    ...text,
    staffId,
    relevance,
  });
  return said.kind === 'sent' ? outcome : 'not-followed-up';
}
