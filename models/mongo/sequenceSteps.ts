// The steps of sequences over MongoDB: one document each, changed only while it is due.

import { type Connection, type Model, Schema } from 'mongoose';
import type { KeptStep, SequenceStepStore, StepNumber } from '../../ports/sequenceSteps';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { modelOf } from './model';

interface StepDocument extends Omit<KeptStep, 'stepId'> {
  readonly _id: string;
}

interface NumberGroup {
  readonly _id: Omit<StepNumber, 'count'>;
  readonly count: number;
}

const text = { type: String, required: true } as const;

const schema = new Schema<StepDocument>(
  {
    _id: text,
    workflowId: text,
    contactId: text,
    city: text,
    staffId: String,
    sequenceId: text,
    version: { type: Number, required: true },
    step: text,
    dueAt: text,
    at: text,
    state: text,
    reason: String,
    detail: String,
  },
  { collection: 'sequenceSteps', versionKey: false, strict: 'throw', id: false },
);
schema.index({ workflowId: 1 });
schema.index({ contactId: 1 });
schema.index({ sequenceId: 1, city: 1 });

export function sequenceStepModel(connection: Connection): Model<StepDocument> {
  return modelOf(connection, 'SequenceStep', schema);
}

export function createSequenceStepStore(connection: Connection): SequenceStepStore {
  const steps = sequenceStepModel(connection);

  return guarded<SequenceStepStore>({
    async keep({ stepId, ...step }) {
      const [isNew] = await insertNew(steps, [{ _id: stepId, ...step }]);
      if (!isNew) await steps.replaceOne({ _id: stepId, state: 'due' }, step);
    },

    async ofRun(workflowId) {
      const found = await steps
        .find({ workflowId })
        .sort({ dueAt: 1, _id: 1 })
        .lean<StepDocument[]>();
      return found.map(({ _id, ...step }) => ({ stepId: _id, ...step }));
    },

    async numbers(sequenceId, { cities } = {}) {
      const among = { sequenceId, ...(cities && { city: { $in: [...cities] } }) };
      const by = { version: '$version', step: '$step', state: '$state', reason: '$reason' };
      const groups = await steps.aggregate<NumberGroup>([
        { $match: among },
        { $group: { _id: by, count: { $sum: 1 } } },
      ]);
      return groups.map(({ _id, count }) => ({ ..._id, count }));
    },
  });
}
