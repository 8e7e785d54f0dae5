// What became of the steps of sequences, run by run. None is ever deleted: numbers are counted from them.

import type { StepNote } from '../rules/sequence/stepNote';
import type { CityScope } from './contacts';

export interface KeptStep extends StepNote {
  /** Names it: run, entry and step. */
  readonly stepId: string;
  readonly workflowId: string;
  readonly contactId: string;
  readonly city: string;
  readonly staffId?: string;
  /** Of all versions. */
  readonly sequenceId: string;
  readonly version: number;
  readonly step: string;
  /** ISO: when it was due. */
  readonly dueAt: string;
  /** ISO: since when it stands so. */
  readonly at: string;
}

/** How many steps of a version stand so. */
export interface StepNumber extends Pick<KeptStep, 'version' | 'step' | 'state' | 'reason'> {
  readonly count: number;
}

export interface SequenceStepStore {
  /** Keeps how a step stands. One that has come to its end stays as it is. */
  keep(step: KeptStep): Promise<void>;
  /** In the order in which they were due. */
  ofRun(workflowId: string): Promise<KeptStep[]>;
  /** In no order. */
  numbers(sequenceId: string, scope?: CityScope): Promise<StepNumber[]>;
}
