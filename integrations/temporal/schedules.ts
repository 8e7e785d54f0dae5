// The flows that start by themselves: each has a schedule at Temporal, which starts one at a time, whoever runs the workers.

import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';

/** A flow and when it starts. Its input is the same each time: what depends on the hour is for the flow to ask. */
export interface FlowSchedule {
  readonly flow: string;
  readonly input: object;
  readonly when:
    | { readonly everyMinutes: number }
    /** Minutes past the hour. */
    | { readonly hourlyAt: number }
    | { readonly dailyAt: string };
}

export interface ScheduleOptions {
  readonly taskQueue: string;
  /** IANA zone of `dailyAt`. */
  readonly timezone: string;
}

/** A start that was missed for so long, for Temporal was away, is made up for. */
const CATCH_UP = '1 hour' as const;

/** Makes the schedules that are missing and brings the others up to date; whoever paused one finds it paused. */
export async function ensureSchedules(
  client: Client,
  options: ScheduleOptions,
  schedules: readonly FlowSchedule[],
): Promise<void> {
  for (const schedule of schedules) await ensureSchedule(client, options, schedule);
}

async function ensureSchedule(
  client: Client,
  options: ScheduleOptions,
  schedule: FlowSchedule,
): Promise<void> {
  const scheduleId = scheduleIdOf(options, schedule.flow);
  const wanted = descriptionOf(options, schedule);

  try {
    await client.schedule.create({ scheduleId, ...wanted });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(scheduleId).update(({ state }) => ({ ...wanted, state }));
  }
}

/** Deployments that share a namespace have task queues of their own. */
export const scheduleIdOf = (
  { taskQueue }: Pick<ScheduleOptions, 'taskQueue'>,
  flow: string,
): string => `${taskQueue}/${flow}`;

function descriptionOf(options: ScheduleOptions, { flow, input, when }: FlowSchedule) {
  return {
    spec: specOf(options, when),
    action: {
      type: 'startWorkflow' as const,
      workflowType: flow,
      // Temporal adds the instant.
      workflowId: `${options.taskQueue}-${flow}`,
      taskQueue: options.taskQueue,
      args: [input],
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: CATCH_UP },
  };
}

function specOf({ timezone }: ScheduleOptions, when: FlowSchedule['when']) {
  if ('everyMinutes' in when) return { intervals: [{ every: when.everyMinutes * 60_000 }] };

  if ('hourlyAt' in when) return { calendars: [{ hour: '*' as const, minute: when.hourlyAt }] };

  const [hour, minute] = when.dailyAt.split(':').map(Number);
  return { calendars: [{ hour: hour ?? 0, minute: minute ?? 0 }], timezone };
}
