// Tasks of staff: what a plan asks of a person, and everything that was done about it. None is ever deleted.

import type { StaffTaskAct, StaffTaskState } from '../rules/contact/staffTask';
import type { StaffActionKind } from '../rules/sequence/sequence';
import type { CityScope } from './contacts';

/** Which step of which run asked for it. */
export interface TaskOrigin {
  /** `id@version`. */
  readonly sequence: string;
  readonly workflowId: string;
  readonly step: string;
}

/** What to say, by reference: it is filled for the contact when somebody reads the task. */
export interface TaskWords {
  /** `id`, or `id@version`. */
  readonly template?: string;
  /** Of the catalogue: `id`, or `id@version`. */
  readonly scene?: string;
  readonly product?: string;
}

export interface NewStaffTask {
  /** Named by what asks for it: asked for again it is the same task. */
  readonly taskId: string;
  /** As the run knows it. */
  readonly contactId: string;
  readonly city: string;
  /** Who is to do it; absent: anybody of the city. */
  readonly staffId?: string;
  readonly kind: StaffActionKind;
  readonly origin: TaskOrigin;
  readonly words?: TaskWords;
  /** ISO. */
  readonly openedAt: string;
  readonly dueAt: string;
  /** ISO: done later, it is late. */
  readonly dueBy?: string;
  /** ISO: not done by then, it is missed. */
  readonly expiresAt: string;
}

export interface StaffTask extends NewStaffTask {
  readonly state: StaffTaskState;
  /** ISO. */
  readonly postponedUntil?: string;
  /** In the order in which they were done; never shortened. */
  readonly acts: readonly StaffTaskAct[];
}

export interface StaffTaskFilter extends CityScope {
  readonly staffId?: string;
  readonly contactId?: string;
  readonly kind?: StaffActionKind;
  readonly state?: StaffTaskState;
  /** ISO: only those that are to be done before. */
  readonly dueBefore?: string;
  /** The last task of the page before. */
  readonly after?: TaskPlace;
  readonly limit: number;
}

/** Where a task stands in a list. */
export interface TaskPlace {
  /** ISO: when it is to be done. */
  readonly dueAt: string;
  readonly taskId: string;
}

/** How many tasks of a step of a sequence are in a state. */
export interface StaffTaskNumber {
  /** `id@version`. */
  readonly sequence: string;
  readonly step: string;
  readonly state: StaffTaskState;
  readonly count: number;
}

export interface StaffTaskStore {
  /** Keeps new tasks; those that are there already stay as they are. */
  open(tasks: readonly NewStaffTask[]): Promise<void>;
  find(taskId: string): Promise<StaffTask | null>;
  /** By when they are to be done, a postponed one by its new time, then by id. */
  list(filter: StaffTaskFilter): Promise<StaffTask[]>;
  /** Of several acts that end a task one holds. False: it is not open. The run that asked for the task is to be told. */
  act(taskId: string, act: StaffTaskAct): Promise<boolean>;
  /** The same, done by the run itself, which need not be told. */
  actOfRun(taskId: string, act: StaffTaskAct): Promise<boolean>;
  /** Open ones that expired by an instant (ISO), the earliest first. */
  expired(by: string, limit: number): Promise<StaffTask[]>;
  /** Those whose run has not been told what was done last, by the id, ascending, after `after`. */
  untold(after: string | null, limit: number): Promise<StaffTask[]>;
  /** The run was told of the first `acts` acts; what was done since is still to be told. */
  told(taskId: string, acts: number): Promise<void>;
  /** Tasks of all versions of a sequence, or of all sequences. */
  numbers(sequenceId?: string, scope?: CityScope): Promise<StaffTaskNumber[]>;
}
