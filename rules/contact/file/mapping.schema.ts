// What a deployment says of the columns of its files: which field each header means, and what some of its cells mean.

import { z } from 'zod';
import { strict } from '../../input/shape.schema';

const target = z.string().min(1).max(120);
const meaning = strict({
  to: target,
  /** Of money: what the cells are in. */
  unit: z.enum(['yuan', 'fen']).exactOptional(),
  /** Of a fact of the deployment's own; otherwise it is a text. */
  type: z.enum(['text', 'number', 'boolean', 'instant']).exactOptional(),
  /** What a cell stands for: `{ "广州": "guangzhou" }`. */
  values: z.record(z.string().max(200), z.string().max(200)).exactOptional(),
});

/** By header: a field, `ignore`, or more than that. */
export const columnMapping = z.record(z.string().max(200), z.union([target, meaning]));

export type ColumnMapping = z.infer<typeof columnMapping>;
