// Which flows start by themselves, and when. The worker ensures them at its start.

import type { FlowSchedule } from './integrations/temporal/schedules';

export const SCHEDULES: readonly FlowSchedule[] = [
  { flow: 'reap', input: { version: 1 }, when: { everyMinutes: 5 } },
];
