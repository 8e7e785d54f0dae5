// Fences: which execution of an attempt is the latest. One that was given up on may still be running; nothing it does may count.

/** An execution of an attempt of a touch. The first has fence 0; each further one takes the next from the contact's document. */
export interface Fence {
  readonly touchId: string;
  readonly attempt: number;
  readonly fence: number;
}

/** Executions remembered of one contact. A run has one touch at work at a time, and gives up on few. */
const MOST_KEPT = 50;

/** The fence of a further execution of the attempt. */
export function nextFence(
  fences: readonly Fence[],
  { touchId, attempt }: Pick<Fence, 'touchId' | 'attempt'>,
): Fence {
  const known = fences.find((each) => each.touchId === touchId);
  return { touchId, attempt, fence: known?.attempt === attempt ? known.fence + 1 : 1 };
}

/** With this execution as the latest of its touch; the oldest are forgotten. */
export const withFence = (fences: readonly Fence[], latest: Fence): readonly Fence[] =>
  [...fences.filter(({ touchId }) => touchId !== latest.touchId), latest].slice(-MOST_KEPT);

/** True when a later execution of the attempt, or a later attempt, has begun. `fences`: of the contact, who may have none. */
export function isOvertaken(
  fences: readonly Fence[] | undefined,
  { touchId, attempt, fence }: Fence,
): boolean {
  const latest = fences?.find((each) => each.touchId === touchId);
  if (latest === undefined) return false;
  return latest.attempt > attempt || (latest.attempt === attempt && latest.fence > fence);
}

/** Which execution speaks of a touch. */
export type Speaking = Pick<Fence, 'attempt' | 'fence'>;

/** What is kept of the executions of a contact's touches. */
interface Executions {
  readonly fences?: readonly Fence[];
  readonly touches: readonly Pick<Fence, 'touchId' | 'attempt'>[];
}

/**
 * True when what an execution says of its touch comes too late: a later one has begun, or a later attempt holds the touch. Whoever is
 * no execution, such as a receipt, is never too late.
 */
export const isTooLate = (
  { fences, touches }: Executions,
  touchId: string,
  by: Speaking | undefined,
): boolean =>
  by !== undefined &&
  (isOvertaken(fences, { touchId, ...by }) ||
    touches.some((touch) => touch.touchId === touchId && touch.attempt > by.attempt));
