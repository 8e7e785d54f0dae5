// A WeCom mass send from its creation to the last settled touch: asked with back-off, reminded of, cancelled at its deadline or
// when a touch of it has become wrong.

import type {
  JourneyResult,
  MassSendInput,
  MassSendOfTouchesInput,
} from '../../rules/journey/messages';
import { HOUR_MS, MINUTE_MS } from '../../rules/time/durations';
import { attempt, succeeds } from '../kit/attempt';
import { withdrawSignal } from '../kit/messages';
import { now } from '../kit/now';
import {
  closeMassSend,
  remindMassSend,
  settleMassSend,
  withdrawFromMassSend,
} from '../kit/proxies';
import { condition, setCurrentDetails, setHandler, sleep } from '../kit/temporal';
import { massSendOfTouches } from './massSendOfTouches';

/** Staff answer soon or late: ask often at first, then every hour. An answer is known about as late again as it took. */
const POLL_MINUTES = [0.25, 0.75, 1, 2, 4, 8, 15, 30];
/** Without an answer for so long, staff are reminded; WeCom allows three reminders in 24 hours. */
const REMIND_AFTER_HOURS = [1, 4, 20];

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

  for (let poll = 0; ; poll++) {
    const next = Math.min(now() + (POLL_MINUTES[poll] ?? 60) * MINUTE_MS, deadline);
    const summary = `员工确认 · staff to send ${input.msgid}`;
    if (next > now()) await condition(() => isWithdrawn, next - now(), { summary });
    if (now() >= deadline) return close(input);

    mustWithdraw ||= isWithdrawn;
    isWithdrawn = false;
    const waiting: number | undefined = await (mustWithdraw ? withdraw(input) : settle(input));
    if (waiting === 0) return { outcome: 'settled' };
    mustWithdraw &&= waiting === undefined;

    const due = REMIND_AFTER_HOURS[reminded];
    if (due !== undefined && now() >= begun + due * HOUR_MS) {
      await remind(input);
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
    await sleep((POLL_MINUTES[ask] ?? 60) * MINUTE_MS, { summary });

  return { outcome: 'cancelled' };
}

/** A favour to staff: one that is refused ends nothing. */
async function remind({ msgid, staffId }: MassSendInput): Promise<void> {
  const summary = `提醒员工 · remind ${staffId}`;
  await attempt('reminding', () => remindMassSend.executeWithOptions({ summary }, [{ msgid }]));
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
