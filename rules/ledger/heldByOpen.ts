// Whether a deferred touch waits for one that is still open: it is asked again as soon as that one is settled.

import type { Explained } from '../gate/gate.schema';
import { storedFinding } from './storedFinding';

/** True when a gap defers the touch from the deadline of an open one, which no longer matters once that one is settled. */
export const isHeldByOpen = (explain: readonly Explained[]): boolean =>
  explain.some((line) => {
    if (line.answer !== 'defer' || line.kind !== 'gap') return false;
    const finding = storedFinding(line);
    return finding !== null && 'open' in finding;
  });
