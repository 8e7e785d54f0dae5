// A WeCom mass send from its creation to the last settled touch: asked with back-off, reminded of, cancelled at its deadline or
// when a touch of it has become wrong.

import type {
  JourneyResult,
  MassSendInput,
  MassSendOfTouchesInput,
} from '../../rules/journey/messages';
import { attempt, succeeds } from '../kit/attempt';
import { withdrawSignal } from '../kit/messages';
import { now } from '../kit/now';
import { closeMassSend, settleMassSend, withdrawFromMassSend } from '../kit/proxies';
import { condition, setCurrentDetails, setHandler, sleep } from '../kit/temporal';
import { massSendOfTouches } from './massSendOfTouches';
import { isReminderDue, pollMs, remindStaff } from './staffPace';

export async function massSend(
  input: MassSendInput | MassSendOfTouchesInput,
): Promise<JourneyResult> {
  return input.version === 1 ? massSendOfTouches(input) : follow(input);
}

/** It never fails: what WeCom refuses for good is asked again at the next look. */
async function follow(input: MassSendInput): Promise<JourneyResult> {
  const deadline = Date.parse(input.deadline);
  const begun = now();
  let isWithdrawn: boolean = input.isRemade ?? false;
  let mustWithdraw = false;
  let reminded = 0;

  setHandler(withdrawSignal, () => {
    isWithdrawn = true;
  });

  setCurrentDetails(detailsOf(input, undefined, reminded));
  for (let poll = 0; ; poll++) {
    const next = Math.min(now() + pollMs(poll), deadline);
    const summary = `员工确认 · staff to send ${input.msgid}`;
    if (next > now()) await condition(() => isWithdrawn, next - now(), { summary });
    if (now() >= deadline) return close(input);

    mustWithdraw ||= isWithdrawn;
    isWithdrawn = false;
    const waiting: number | undefined = await (mustWithdraw ? withdraw(input) : settle(input));
    if (waiting === 0) return { outcome: 'settled' };
    mustWithdraw &&= waiting === undefined;

    if (isReminderDue(now() - begun, reminded)) {
      await remindStaff(input);
      reminded += 1;
    }
    setCurrentDetails(detailsOf(input, waiting, reminded));
  }
}

/** How many touches still wait; undefined while WeCom does not say. */
const settle = ({ msgid, staffId }: MassSendInput): Promise<number | undefined> =>
  attempt('asking for results', () =>
    settleMassSend.executeWithOptions({ summary: `查询结果 · ask ${msgid}` }, [{ msgid, staffId }]),
  );

const withdraw = ({ msgid, staffId }: MassSendInput): Promise<number | undefined> =>
  attempt('withdrawing', () =>
    withdrawFromMassSend.executeWithOptions({ summary: `撤回 · withdraw from ${msgid}` }, [
      { msgid, staffId },
    ]),
  );

/** A result is read late rather than never. */
async function close({ msgid, staffId }: MassSendInput): Promise<JourneyResult> {
  const summary = `截止撤回 · cancel ${msgid}`;
  const closing = () => closeMassSend.executeWithOptions({ summary }, [{ msgid, staffId }]);

  for (let ask = 0; !(await succeeds('closing', closing)); ask++)
    await sleep(pollMs(ask), { summary });

  return { outcome: 'cancelled' };
}

/** What an operator sees in the Temporal UI; costs no history. */
function detailsOf(
  { msgid, staffId, deadline }: MassSendInput,
  waiting: number | undefined,
  reminded: number,
): string {
  return [
    `群发 mass send: **${msgid}**  `,
    `员工 staff: **${staffId}**  `,
    `待确认 waiting: **${waiting ?? '?'}**, 截止 deadline ${deadline}  `,
    `已提醒 reminded: ${reminded}  `,
  ].join('\n');
}
