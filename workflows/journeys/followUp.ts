// Three days after a customer added a member of staff: thanks, an offer to go on talking, or a first word to the silent.

import type { InputOf } from '../../rules/journey/kinds';
import type { JourneyResult } from '../../rules/journey/messages';
import { dayAt } from '../../rules/time/anchors';
import { runJourney } from '../kit/journey';
import type { JourneyRun } from '../kit/run';
import type { JourneyTouch } from '../kit/touch';

type Input = InputOf<'followUp'>;

const DAY = 3;
const HOUR = '10:00';

export async function followUp(input: Input): Promise<JourneyResult> {
  return runJourney('followUp', input, async (run) => {
    const before = await run.facts();
    const due = (zone: string) => dayAt(Date.parse(input.addedAt), DAY, HOUR, zone);
    await run.waitUntil(due, '第三天 10:00 · day 3, 10:00 local');
    const after = await run.facts();

    const hasBought = after.products.some((product) => !before.products.includes(product));
    if (run.happened('converted') || hasBought) return thank(run, input);

    const { addedAt } = input;
    const hasSpoken =
      after.lastSpokeAt !== undefined && Date.parse(after.lastSpokeAt) >= Date.parse(addedAt);
    if (hasSpoken || run.happened('spoke')) return goOn(run, input);

    return breakSilence(run, input);
  });
}

const thank = (run: JourneyRun, input: Input): Promise<string> =>
  say(run, input, { template: 'follow-up-bought', class: 'service' }, 'thanked');

const goOn = (run: JourneyRun, input: Input): Promise<string> =>
  say(run, input, { template: 'follow-up-spoke', class: 'marketing' }, 'followed-up');

function breakSilence(run: JourneyRun, input: Input): Promise<string> {
  const silent = { kind: 'silent-since', at: input.addedAt } as const;
  const text = { template: 'follow-up-silent', class: 'marketing', relevance: [silent] } as const;
  return say(run, input, text, 'followed-up');
}

async function say(
  run: JourneyRun,
  { staffId }: Input,
  {
    relevance = [],
    ...text
  }: Pick<JourneyTouch, 'template' | 'class'> & Partial<Pick<JourneyTouch, 'relevance'>>,
  outcome: string,
): Promise<string> {
  const said = await run.touch({
    ...text,
    step: text.template,
    channel: 'wecom',
    category: 'follow-up',
    staffId,
    relevance: [{ kind: 'friend-of', staffId }, ...relevance],
  });
  return said.kind === 'sent' ? outcome : 'not-followed-up';
}
