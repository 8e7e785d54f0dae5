// When a trigger fired for a contact: what its cooldown and its most per contact are counted from.

export interface Firing {
  readonly triggerId: string;
  readonly eventId: string;
  /** ISO: of the event, which is what windows are measured by. */
  readonly occurredAt: string;
}

/** Those of before and further ones, each once, without those that count nowhere any more. @param forgetBefore ISO */
export function withFirings(
  before: readonly Firing[],
  further: readonly Firing[],
  forgetBefore: string,
): readonly Firing[] {
  const added = further.filter((firing) => !before.some((each) => isSame(each, firing)));
  return [...before, ...added].filter(({ occurredAt }) => occurredAt >= forgetBefore);
}

const isSame = (a: Firing, b: Firing): boolean =>
  a.triggerId === b.triggerId && a.eventId === b.eventId;
