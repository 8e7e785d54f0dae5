// What becomes of tasks of staff: kept first, then told to the run that asked; what a crash, or a Temporal that is away, leaves
// untold is told again.

import type { Clock } from '../ports/clock';
import type { Engine } from '../ports/engine';
import type { Log } from '../ports/log';
import type { StaffTask } from '../ports/staffTasks';
import type { Stores } from '../ports/stores';
import { CodedError, isCodedError } from '../rules/base/errors';
import {
  BY_SOPFLOW,
  isRepeatedAct,
  type RefusedAct,
  refusedAct,
  type StaffTaskAct,
} from '../rules/contact/staffTask';
import { formatInstant } from '../rules/time/instant';

export interface StaffTaskDeps {
  readonly stores: Pick<Stores, 'staffTasks'>;
  readonly engine: Pick<Engine, 'signal'>;
  readonly log: Log;
}

const PAGE = 200;

/**
 * Keeps what a person did about a task, and tells its run. Who says again what was done last is answered as the first time, for the
 * run may not have heard. Answers the task as it then is.
 * @throws CodedError CONFLICT: it is not open, or has expired; INVALID_INPUT naming `until`
 */
export async function actOnTask(
  deps: StaffTaskDeps,
  task: StaffTask,
  act: StaffTaskAct,
): Promise<StaffTask> {
  const { staffTasks } = deps.stores;
  const { taskId } = task;

  if (!isRepeatedAct(task.acts, act)) {
    const refused = refusedAct(task, act);
    if (refused) throw notTaken(taskId, refused, act);
    if (!(await staffTasks.act(taskId, act))) await assertRepeated(deps, taskId, act);
  }

  const now = (await staffTasks.find(taskId)) ?? task;
  // What is kept is kept: whoever did it need not wait for the run.
  await tellRun(deps, now).catch((error: unknown) => toldLater(deps, taskId, error));
  return now;
}

/** Somebody was faster. It may have been the same person, asking twice. */
async function assertRepeated(
  { stores }: StaffTaskDeps,
  taskId: string,
  act: StaffTaskAct,
): Promise<void> {
  const now = await stores.staffTasks.find(taskId);
  if (now && isRepeatedAct(now.acts, act)) return;
  throw notTaken(taskId, { why: 'not-open', value: now?.state ?? 'unknown' }, act);
}

function notTaken(taskId: string, { why, value }: RefusedAct, { until }: StaffTaskAct): CodedError {
  switch (why) {
    case 'not-open':
      return new CodedError('CONFLICT', `task ${taskId} is ${value}`, [
        { path: 'state', message: 'no longer possible', value },
      ]);
    case 'expired':
      return new CodedError('CONFLICT', `task ${taskId} expired at ${value}`, [
        { path: 'expiresAt', message: 'over', value },
      ]);
    case 'until-past':
      return new CodedError('INVALID_INPUT', `until: ${value} is over`, [
        { path: 'until', message: 'is over', value, allowed: 'a later instant' },
      ]);
    case 'until-expired':
      return new CodedError('INVALID_INPUT', `until: the task expires at ${value}`, [
        { path: 'until', message: 'too late', value: until, allowed: `before ${value}` },
      ]);
  }
}

const toldLater = ({ log }: StaffTaskDeps, taskId: string, error: unknown): void =>
  log.warn({ err: error, taskId }, 'the run is told of its task later');

/** A run that is over needs to hear nothing. */
async function tellRun({ stores, engine }: StaffTaskDeps, task: StaffTask): Promise<void> {
  const { taskId, origin, acts } = task;
  const last = acts.at(-1);
  if (!last) return;

  const { did, at, until } = last;
  await engine.signal(origin.workflowId, {
    signal: 'taskSettled',
    body: { taskId, outcome: did, at, ...(until !== undefined && { until }) },
  });
  await stores.staffTasks.told(taskId, acts.length);
}

interface KeeperDeps extends StaffTaskDeps {
  readonly clock: Clock;
}

/** Tasks past their expiry are missed, and every run hears what it has not been told of. Repeats are harmless. */
export async function keepStaffTasks(deps: KeeperDeps): Promise<void> {
  await missExpired(deps);
  await tellUntold(deps);
}

async function missExpired({ stores, clock }: KeeperDeps): Promise<void> {
  const at = formatInstant(clock.now());

  for (;;) {
    const expired = await stores.staffTasks.expired(at, PAGE);
    for (const { taskId } of expired)
      await stores.staffTasks.act(taskId, { did: 'missed', by: BY_SOPFLOW, at });
    if (expired.length < PAGE) return;
  }
}

/** One run that cannot be told keeps no other from hearing; a Temporal that is away is asked again later. */
async function tellUntold(deps: KeeperDeps): Promise<void> {
  let after: string | null = null;

  for (;;) {
    const untold: StaffTask[] = await deps.stores.staffTasks.untold(after, PAGE);
    for (const task of untold) await tellOrPass(deps, task);

    after = untold.at(-1)?.taskId ?? null;
    if (untold.length < PAGE) return;
  }
}

async function tellOrPass(deps: KeeperDeps, task: StaffTask): Promise<void> {
  try {
    await tellRun(deps, task);
  } catch (error) {
    if (isCodedError(error) && error.code === 'UNAVAILABLE') throw error;
    toldLater(deps, task.taskId, error);
  }
}
