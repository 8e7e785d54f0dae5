// How a sequence does, in numbers: who is in it, how runs ended, who was refused, and what became of each step and its tasks.

import type { StaffTaskState } from '../contact/staffTask';
import type { SequenceEntryState } from '../journey/reentry';
import type { StepReason, StepState } from './stepNote';

interface CountedEntry {
  readonly version: number;
  readonly state: SequenceEntryState;
  readonly reason?: string;
  readonly outcome?: string;
  readonly count: number;
}

interface CountedStep {
  readonly version: number;
  readonly step: string;
  readonly state: StepState;
  readonly reason?: StepReason;
  readonly count: number;
}

interface CountedTask {
  readonly version: number;
  readonly step: string;
  readonly state: StaffTaskState;
  readonly count: number;
}

type Counts<Name extends string> = Readonly<Partial<Record<Name, number>>>;

export interface StepNumbers {
  readonly step: string;
  readonly states: Counts<StepState>;
  /** `state:reason`, of those that have one. */
  readonly reasons: Counts<string>;
  /** Of those that staff do. */
  readonly tasks: Counts<StaffTaskState>;
}

export interface VersionNumbers {
  readonly version: number;
  /** Let in; their run goes, or is about to. */
  readonly underWay: number;
  /** By outcome. */
  readonly ended: Counts<string>;
  /** By reason. */
  readonly refused: Counts<string>;
  /** In the order of the version. */
  readonly steps: readonly StepNumbers[];
}

/**
 * Of every version that anything is known of, the newest first.
 * @param stepsOf ids of the steps of a version, in their order
 */
export function sequenceNumbers(counted: {
  readonly entries: readonly CountedEntry[];
  readonly steps: readonly CountedStep[];
  readonly tasks: readonly CountedTask[];
  readonly stepsOf: ReadonlyMap<number, readonly string[]>;
}): readonly VersionNumbers[] {
  const all = [...counted.entries, ...counted.steps, ...counted.tasks];
  const versions = [...new Set(all.map(({ version }) => version))].sort((a, b) => b - a);

  return versions.map((version) => {
    const ofVersion = <C extends { readonly version: number }>(rows: readonly C[]) =>
      rows.filter((row) => row.version === version);
    const entries = ofVersion(counted.entries);

    return {
      version,
      underWay: sum(entries.filter(({ state }) => state === 'running' || state === 'admitted')),
      ended: countsBy(entries, ({ state, outcome = 'unknown' }) => state === 'ended' && outcome),
      refused: countsBy(entries, ({ state, reason = 'unknown' }) => state === 'refused' && reason),
      steps: stepNumbers(
        counted.stepsOf.get(version) ?? [],
        ofVersion(counted.steps),
        ofVersion(counted.tasks),
      ),
    };
  });
}

function stepNumbers(
  order: readonly string[],
  steps: readonly CountedStep[],
  tasks: readonly CountedTask[],
): readonly StepNumbers[] {
  const others = [...steps, ...tasks].map(({ step }) => step);
  const names = [...new Set([...order, ...others])];

  return names.map((step) => {
    const own = steps.filter((row) => row.step === step);
    return {
      step,
      states: countsBy(own, ({ state }) => state),
      reasons: countsBy(own, ({ state, reason }) => reason !== undefined && `${state}:${reason}`),
      tasks: countsBy(
        tasks.filter((row) => row.step === step),
        ({ state }) => state,
      ),
    };
  });
}

const sum = (rows: readonly { readonly count: number }[]): number =>
  rows.reduce((total, { count }) => total + count, 0);

/** Rows for which there is no name are left out. */
function countsBy<Row extends { readonly count: number }, Name extends string>(
  rows: readonly Row[],
  nameOf: (row: Row) => Name | false,
): Counts<Name> {
  const counts: Partial<Record<Name, number>> = {};
  for (const row of rows) {
    const name = nameOf(row);
    if (name !== false) counts[name] = (counts[name] ?? 0) + row.count;
  }

  return counts;
}
