// Mass sends from before they were shared by touches: each flow carries its own touches. Kept for those that still run.

import type { MassSendState } from '../../activities/contract';
import type {
  JourneyResult,
  MassSendOfTouchesInput,
  TouchSettled,
} from '../../rules/journey/messages';
import { attempt, succeeds } from '../kit/attempt';
import { settledSignal, withdrawSignal } from '../kit/messages';
import { now } from '../kit/now';
import { cancelMassSend, massSendStates, settleTouch } from '../kit/proxies';
import { signalWorkflow } from '../kit/signalWorkflow';
import { condition, patched, setCurrentDetails, setHandler, sleep } from '../kit/temporal';
import { isReminderDue, pollMs, remindStaff } from './staffPace';

/** Touches settled side by side. */
const BATCH = 50;

type Touch = MassSendOfTouchesInput['touches'][number];
type Settled = Omit<TouchSettled, 'touchId'> & { readonly deliveredAt?: string };

export async function massSendOfTouches(input: MassSendOfTouchesInput): Promise<JourneyResult> {
  const deadline = Date.parse(input.deadline);
  const begun = now();
  const withdrawn: string[] = [];
  let waiting: readonly Touch[] = input.touches;
  let reminded = 0;

  setHandler(withdrawSignal, ({ touchId }) => {
    withdrawn.push(touchId);
  });
  const allWithdrawn = () => waiting.every(({ touchId }) => withdrawn.includes(touchId));

  for (let poll = 0; waiting.length > 0; poll++) {
    setCurrentDetails(detailsOf(input, waiting.length, reminded));
    const next = Math.min(now() + pollMs(poll), deadline);
    const summary = `员工确认 · staff to send ${input.msgid}`;
    if (next > now()) await condition(allWithdrawn, next - now(), { summary });

    const over = allWithdrawn() || now() >= deadline;
    if (over) return cancel(input, waiting, withdrawn);

    waiting = (await settleKnown(input, waiting)) ?? waiting;

    if (waiting.length > 0 && isReminderDue(now() - begun, reminded)) {
      await remindStaff(input);
      reminded += 1;
    }
  }

  return { outcome: 'settled' };
}

/**
 * Cancelled before the states are read: what staff sent up to that moment is then known, and nothing can follow. What cannot be
 * cancelled or read is asked again, for as long as it takes: a result is read late rather than never.
 */
async function cancel(
  input: MassSendOfTouchesInput,
  waiting: readonly Touch[],
  withdrawn: readonly string[],
): Promise<JourneyResult> {
  const { msgid } = input;
  const summary = `撤回群发 · cancel ${msgid}`;
  let isCancelled = false;

  for (let ask = 0; ; ask++) {
    isCancelled ||= await succeeds('cancelling', () =>
      cancelMassSend.executeWithOptions({ summary }, [{ msgid }]),
    );
    const unsent = isCancelled ? await settleKnown(input, waiting) : null;
    // Runs begun by release 0.1 took an unknown end for none.
    if (unsent !== null || (isCancelled && !patched('read-late'))) {
      await settleAll(input, unsent ?? waiting, ({ touchId }) => ({
        settled: 'released',
        why: withdrawn.includes(touchId) ? 'withdrawn' : 'unconfirmed',
      }));
      return { outcome: 'cancelled' };
    }

    await sleep(pollMs(ask), { summary });
  }
}

/** What an operator sees in the Temporal UI; costs no history. */
function detailsOf(
  { msgid, staffId, touches, deadline }: MassSendOfTouchesInput,
  waiting: number,
  reminded: number,
): string {
  return [
    `群发 mass send: **${msgid}**  `,
    `员工 staff: **${staffId}**  `,
    `待确认 waiting: **${waiting}** / ${touches.length}, 截止 deadline ${deadline}  `,
    `已提醒 reminded: ${reminded}  `,
  ].join('\n');
}

/** Settles what WeCom knows the end of; answers the touches that still wait. Null while WeCom does not say. */
async function settleKnown(
  input: MassSendOfTouchesInput,
  waiting: readonly Touch[],
): Promise<readonly Touch[] | null> {
  const { msgid, staffId } = input;
  const asked = waiting.map(({ touchId, externalUserId }) => ({ touchId, externalUserId }));
  const summary = `查询结果 · ask for ${asked.length} results`;
  const states = await attempt('asking for results', () =>
    massSendStates.executeWithOptions({ summary }, [{ msgid, staffId, touches: asked }]),
  );
  if (states === null || states === undefined) return null;

  const ended: Record<string, Settled> = {};
  for (const state of states)
    if (state.state !== 'waiting') ended[state.touchId] = settledBy(state);

  const known = waiting.filter(({ touchId }) => touchId in ended);
  await settleAll(input, known, ({ touchId }) => ended[touchId] ?? { settled: 'released' });

  return waiting.filter(({ touchId }) => !(touchId in ended));
}

function settledBy(state: Exclude<MassSendState, { state: 'waiting' }>): Settled {
  if (state.state === 'sent') return { settled: 'sent', deliveredAt: state.deliveredAt };
  return { settled: 'released', why: state.why };
}

async function settleAll(
  input: MassSendOfTouchesInput,
  touches: readonly Touch[],
  ending: (touch: Touch) => Settled,
): Promise<void> {
  for (let from = 0; from < touches.length; from += BATCH) {
    const batch = touches.slice(from, from + BATCH);
    await Promise.all(batch.map((touch) => settle(input.msgid, touch, ending(touch))));
  }
}

/** First in the ledger, then to the journey: a run that hears of a settlement can rely on it. */
async function settle(
  msgid: string,
  { touchId, contactId, workflowId }: Touch,
  ending: Settled,
): Promise<void> {
  const { settled, why } = ending;
  const settling = { touchId, contactId, channelRef: msgid, ...ending };
  const isKept = await succeeds('settling', () => settleTouch(settling));
  if (!isKept) return;

  await signalWorkflow(workflowId, settledSignal, {
    touchId,
    settled,
    ...(why !== undefined && { why }),
  });
}
