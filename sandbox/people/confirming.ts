// Staff deciding on mass-send tasks: only a confirmation sends anything, and the platform's cap has the last word.

import { CodedError } from '../../rules/base/errors';
import type { Deps } from '../deps';
import { resultId, type SendResult, type Task, taskId, tieId } from '../state';
import { takePlace } from '../wecom/massCap';
import { enrolStaff, staffOf } from './registry';

/** Confirms one task, or all open ones of the member; answers the msgids. */
export function confirm(deps: Deps, staffId: string, msgid?: string): string[] {
  if (staffOf(deps, staffId).state === 'resigned')
    throw new CodedError('CONFLICT', `staff ${staffId} has resigned and confirms nothing`);

  const open = openTasks(deps, staffId).filter(
    (task) => msgid === undefined || task.msgid === msgid,
  );
  if (msgid !== undefined && open.length === 0)
    throw new CodedError('NOT_FOUND', `staff ${staffId} has no open task for mass send ${msgid}`);

  for (const task of open) send(deps, task);
  return open.map((task) => task.msgid);
}

/** Tasks the member can still confirm. */
export function openTasks(deps: Deps, staffId: string): Task[] {
  return deps.state.tasks
    .by('open', staffId)
    .filter((task) => deps.state.massSends.get(task.msgid)?.cancelledAt === undefined);
}

/** From now on the member confirms nothing of its own accord. */
export function ignore(deps: Deps, staffId: string): void {
  enrolStaff(deps, { staffId, ignores: true });
}

export function resign(deps: Deps, staffId: string): void {
  enrolStaff(deps, { staffId, state: 'resigned' });
}

function send(deps: Deps, task: Task): void {
  const sentAt = deps.clock.now();
  deps.state.tasks.set(taskId(task.msgid, task.staffId), {
    ...task,
    status: 2,
    sentAt,
    decided: true,
  });

  for (const result of deps.state.results.by('task', taskId(task.msgid, task.staffId))) {
    const status = deliver(deps, result);
    deps.state.results.set(resultId(result.msgid, result.staffId, result.externalUserId), {
      ...result,
      status,
      sentAt,
    });
  }
}

function deliver(deps: Deps, result: SendResult): 1 | 2 | 3 {
  const tie = deps.state.ties.get(tieId(result.staffId, result.externalUserId));
  if (tie?.state !== 'friend') return 2;
  if (!takePlace(deps, result.externalUserId)) return 3;

  deps.book.receive({
    contactId: tie.contactId,
    externalUserId: tie.externalUserId,
    channel: 'wecom',
    ref: result.msgid,
    staffId: tie.staffId,
    text: deps.state.massSends.get(result.msgid)?.text ?? '',
  });

  return 1;
}
