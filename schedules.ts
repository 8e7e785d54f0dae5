// Which flows start by themselves, and when. The worker ensures them at its start.

import type { FlowSchedule } from './integrations/temporal/schedules';

export const SCHEDULES: readonly FlowSchedule[] = [
  { flow: 'reap', input: { version: 1 }, when: { everyMinutes: 5 } },
  { flow: 'reconcile', input: { version: 1 }, when: { dailyAt: '03:30' } },
  // Before the first window of a day begins; what is due is due for the whole day.
  { flow: 'sequenceStarts', input: { version: 1 }, when: { dailyAt: '06:00' } },
  // The hour before may be sealed then.
  { flow: 'sealLedger', input: { version: 1 }, when: { hourlyAt: 12 } },
];
