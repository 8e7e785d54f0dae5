// A customer added a member of staff: greet within the 20 seconds that WeCom gives, tag the source, hand on to the follow-up.

import { journeyId } from '../../rules/base/ids';
import type { InputOf } from '../../rules/journey/kinds';
import type { JourneyResult } from '../../rules/journey/messages';
import { isFrom } from '../../rules/time/anchors';
import { type JourneyRun, runJourney } from '../kit/journey';
import { tagCustomer } from '../kit/proxies';
import {
  log,
  startChild,
  TemporalFailure,
  WorkflowExecutionAlreadyStartedError,
} from '../kit/temporal';
import type { followUp } from './followUp';

/** A welcome code is void after this. */
const CODE_LIFE_MS = 20_000;
/** After closing time the welcome promises an answer in the morning. */
const EVENING = '20:00';
const TEMPLATES = ['welcome', 'welcome-store', 'welcome-evening'] as const;

export async function welcome(input: InputOf<'welcome'>): Promise<JourneyResult> {
  return runJourney(
    { journey: 'welcome', templates: TEMPLATES, channels: ['wecom'] },
    input,
    async (run) => {
      const outcome = await greet(run, input);
      await handOn(input);
      await tagSource(input);
      return outcome;
    },
  );
}

async function greet(run: JourneyRun, input: InputOf<'welcome'>): Promise<string> {
  if (input.welcomeCode === undefined) return 'no-welcome-code';
  const greeting = await run.touch({
    step: 'welcome',
    channel: 'wecom',
    class: 'service',
    template: templateFor(input.scene, run),
    staffId: input.staffId,
    welcomeCode: input.welcomeCode,
    expiresAt: new Date(Date.parse(input.addedAt) + CODE_LIFE_MS).toISOString(),
  });
  return greeting.kind === 'sent' ? 'welcomed' : 'not-welcomed';
}

function templateFor(scene: string | undefined, run: JourneyRun): (typeof TEMPLATES)[number] {
  if (scene?.startsWith('store')) return 'welcome-store';
  return isFrom(run.now(), EVENING, run.zone) ? 'welcome-evening' : 'welcome';
}

/** The follow-up outlives this run. The same relation never gets a second one. */
async function handOn({
  contactId,
  staffId,
  addedAt,
  ...added
}: InputOf<'welcome'>): Promise<void> {
  const entry = `${staffId}-${added.entry}`;
  try {
    await startChild<typeof followUp>('followUp', {
      workflowId: journeyId('followUp', contactId, entry),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      parentClosePolicy: 'ABANDON',
      args: [{ version: 1, contactId, entry, staffId, addedAt }],
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

async function tagSource({ contactId, staffId, scene }: InputOf<'welcome'>): Promise<void> {
  try {
    const tags = [scene ?? 'source:unknown'];
    await tagCustomer.executeWithOptions({ summary: `打标签 · tag ${tags.join(', ')}` }, [
      { contactId, staffId, tags },
    ]);
  } catch (error) {
    if (!(error instanceof TemporalFailure)) throw error;
    // The customer may have left within seconds: a missing tag is no reason to call the welcome failed.
    log.warn('the source could not be tagged', { contactId, staffId });
  }
}
