// For whom a product is: brands, or a condition on the contact.

import type { Condition } from '../trigger/condition';
import { createMatcher, type Matcher } from '../trigger/matcher';

/** All that it says must hold. */
export interface Segment {
  readonly name?: string;
  readonly brands?: readonly string[];
  readonly condition?: Condition;
}

/** Tells who is in one of the segments; without any, everybody is. */
export function segmentMatcher(segments: readonly Segment[] | undefined): Matcher {
  if (segments === undefined || segments.length === 0) return () => true;
  const tests = segments.map(({ brands, condition }) =>
    createMatcher({
      $and: [...(brands ? [{ brand: { $in: brands } }] : []), ...(condition ? [condition] : [])],
    }),
  );

  return (contact) => tests.some((test) => test(contact));
}
