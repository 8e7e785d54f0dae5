// By which personal feature a slot picks its contacts: what the customer may have turned off (PIPL Art. 24).

import { pickedBy } from '../trigger/pickedBy';
import type { PlannedSlot } from './plan';

/** Undefined: the slot is for everybody of its cities. When somebody is due is not by whom. */
export const pickedForSlot = ({ audience, delivery }: PlannedSlot): string | undefined =>
  pickedBy(audience) ?? (delivery?.openedWithinDays === undefined ? undefined : 'openedAt');
