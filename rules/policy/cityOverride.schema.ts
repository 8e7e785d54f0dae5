// What a city may add to the province's policy or tighten in it.

import type { z } from 'zod';
import { type ReadonlyDeep, strict } from '../input/shape.schema';
import { policySchema } from './policy.schema';

const { maxDeferHours, consent, quietHours, gaps, caps } = policySchema.shape;

export const cityOverride = strict({ maxDeferHours, consent, quietHours, gaps, caps });

/** A city's own rules; one under the id of a rule of the province takes its place. */
export type CityOverride = ReadonlyDeep<z.infer<typeof cityOverride>>;
