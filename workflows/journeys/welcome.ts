// A customer added a member of staff: greet within the 20 seconds that WeCom gives, hand on to the follow-up, tag the source.

import type { InputOf } from '../../rules/journey/kinds';
import type { JourneyResult } from '../../rules/journey/messages';
import { isFrom } from '../../rules/time/anchors';
import { runJourney } from '../kit/journey';
import type { JourneyRun } from '../kit/run';

/** Runs begun by release 0.1 carry the code itself. */
type Input = InputOf<'welcome'> & { readonly welcomeCode?: string };

/** A welcome code is void after this. */
const CODE_LIFE_MS = 20_000;
/** After closing time the welcome promises an answer in the morning. */
const EVENING = '20:00';

export async function welcome(input: Input): Promise<JourneyResult> {
  return runJourney('welcome', input, async (run) => {
    const outcome = await greet(run, input);
    await run.handOn('followUp', followUpOf(input));
    await run.tag([input.scene ?? 'source:unknown']);
    return outcome;
  });
}

async function greet(run: JourneyRun, input: Input): Promise<string> {
  const { welcomeId, welcomeCode } = input;
  if (welcomeId === undefined && welcomeCode === undefined) return 'no-welcome-code';

  const greeting = await run.touch({
    step: 'welcome',
    channel: 'wecom',
    class: 'reply',
    answers: { act: 'added', at: input.addedAt, ref: input.staffId },
    template: await templateFor(input.scene, run),
    staffId: input.staffId,
    ...(welcomeId !== undefined && { welcomeId }),
    ...(welcomeCode !== undefined && { welcomeCode }),
    relevance: [{ kind: 'friend-of', staffId: input.staffId }],
    expiresAt: new Date(Date.parse(input.addedAt) + CODE_LIFE_MS).toISOString(),
  });

  return greeting.kind === 'sent' ? 'welcomed' : 'not-welcomed';
}

async function templateFor(scene: string | undefined, run: JourneyRun): Promise<string> {
  if (scene?.startsWith('store')) return 'welcome-store';
  return isFrom(run.now(), EVENING, await run.zone()) ? 'welcome-evening' : 'welcome';
}

/** One follow-up a relation. */
function followUpOf({ contactId, staffId, addedAt, entry }: Input): InputOf<'followUp'> {
  return { version: 1, contactId, entry: `${staffId}-${entry}`, staffId, addedAt };
}
