// The shape of the guard-rails, as the province writes them.

import { z } from 'zod';
import { id } from '../input/input.schema';
import { strict } from '../input/shape.schema';
import type { Guardrails } from './guardrails';

const ids = z.array(id).max(1000).optional();

export const guardrails = strict({
  maxDailyBudget: z.int().min(0).optional(),
  minCooldownHours: z
    .number()
    .min(0)
    .max(366 * 24)
    .optional(),
  journeys: ids,
  products: ids,
  maxPriority: z.number().optional(),
}) satisfies z.ZodType<Guardrails>;
