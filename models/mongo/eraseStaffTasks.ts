// Takes a person out of the tasks of staff: that something was asked and what became of it stays, what was written about it goes.

import type { Connection } from 'mongoose';
import { BY_SOPFLOW, type StaffTaskAct } from '../../rules/contact/staffTask';
import { withSubject } from '../../rules/ledger/subject';
import { insertNew } from './inserts';
import { type StaffTaskDocument, staffTaskModel } from './staffTasks';

interface Forgotten {
  readonly subject: string;
  /** ISO: when it was asked for. */
  readonly at: string;
}

/** Answers how many tasks know the person under the pseudonym only. */
export async function eraseStaffTasks(
  connection: Connection,
  contactId: string,
  forgotten: Forgotten,
): Promise<number> {
  const tasks = staffTaskModel(connection);
  const found = await tasks.find({ contactId }).lean<StaffTaskDocument[]>();

  await insertNew(
    tasks,
    found.map((task) => withoutPerson(task, contactId, forgotten)),
  );
  await tasks.deleteMany({ contactId });
  return found.length;
}

function withoutPerson(
  { isUntold: _, ...task }: StaffTaskDocument,
  contactId: string,
  { subject, at }: Forgotten,
): StaffTaskDocument {
  const renamed = (id: string) => withSubject(id, contactId, subject);
  const acts = task.acts.map(({ note: _note, ...act }) => act);
  const cancelled: StaffTaskAct = { did: 'cancelled', by: BY_SOPFLOW, at };

  return {
    ...task,
    _id: renamed(task._id),
    contactId: subject,
    origin: { ...task.origin, workflowId: renamed(task.origin.workflowId) },
    ...(task.state === 'open' ? { state: 'cancelled', acts: [...acts, cancelled] } : { acts }),
  };
}
