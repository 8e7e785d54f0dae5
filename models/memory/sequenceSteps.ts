// The steps of sequences in memory.

import type { KeptStep, SequenceStepStore, StepNumber } from '../../ports/sequenceSteps';
import { isInCities } from './cities';
import { copy } from './copy';

export function createMemorySequenceSteps(): SequenceStepStore {
  const rows = new Map<string, KeptStep>();

  return {
    async keep(step) {
      const known = rows.get(step.stepId);
      if (known === undefined || known.state === 'due') rows.set(step.stepId, copy(step));
    },

    ofRun: async (workflowId) =>
      copy([...rows.values()].filter((row) => row.workflowId === workflowId).sort(byDue)),

    numbers: async (sequenceId, scope) =>
      counted(
        [...rows.values()].filter(
          (row) => row.sequenceId === sequenceId && isInCities(row.city, scope?.cities),
        ),
      ),
  };
}

const placeOf = ({ dueAt, stepId }: KeptStep): string => `${dueAt} ${stepId}`;
const byDue = (a: KeptStep, b: KeptStep): number => (placeOf(a) < placeOf(b) ? -1 : 1);

function counted(rows: readonly KeptStep[]): StepNumber[] {
  const numbers = new Map<string, StepNumber>();
  for (const { version, step, state, reason } of rows) {
    const key = JSON.stringify([version, step, state, reason]);
    const count = (numbers.get(key)?.count ?? 0) + 1;
    numbers.set(key, { version, step, state, ...(reason !== undefined && { reason }), count });
  }

  return [...numbers.values()];
}
