// Which flows start by themselves, and when. The worker ensures them at its start.

import type { FlowSchedule } from './integrations/temporal/schedules';

export const SCHEDULES: readonly FlowSchedule[] = [
  { flow: 'reap', input: { version: 1 }, when: { everyMinutes: 5 } },
  { flow: 'reconcile', input: { version: 1 }, when: { dailyAt: '03:30' } },
  // The hour before may be sealed then.
  { flow: 'sealLedger', input: { version: 1 }, when: { hourlyAt: 12 } },
];
