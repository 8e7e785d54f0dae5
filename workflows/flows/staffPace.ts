// How a mass send waits for the member who must confirm it: how often WeCom is asked, and when the member is reminded.

import { HOUR_MS, MINUTE_MS } from '../../rules/time/durations';
import { attempt } from '../kit/attempt';
import { remindMassSend } from '../kit/proxies';

/** Staff answer soon or late: ask often at first, then every hour. An answer is known about as late again as it took. */
const POLL_MINUTES = [0.25, 0.75, 1, 2, 4, 8, 15, 30];
/** Without an answer for so long, staff are reminded; WeCom allows three reminders in 24 hours. */
const REMIND_AFTER_HOURS = [1, 4, 20];

/** Milliseconds until WeCom is asked for the next time; `asked`: how often it was asked before. */
export const pollMs = (asked: number): number => (POLL_MINUTES[asked] ?? 60) * MINUTE_MS;

/** True when the member is to be reminded once more; `reminded`: how often that was done. */
export function isReminderDue(waitedMs: number, reminded: number): boolean {
  const due = REMIND_AFTER_HOURS[reminded];
  return due !== undefined && waitedMs >= due * HOUR_MS;
}

/** A favour to staff: one that is refused ends nothing. */
export async function remindStaff({
  msgid,
  staffId,
}: {
  readonly msgid: string;
  readonly staffId: string;
}): Promise<void> {
  const summary = `提醒员工 · remind ${staffId}`;
  await attempt('reminding', () => remindMassSend.executeWithOptions({ summary }, [{ msgid }]));
}
