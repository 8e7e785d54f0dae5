// When triggers fired for contacts. A contact's firings are changed against the revision they were read with, so that of two that
// are judged at once one is judged again.

import type { Firing } from '../rules/trigger/firing';

export interface FiredBefore {
  /** In the order in which they fired. */
  readonly firings: readonly Firing[];
  /** 0: nothing ever fired for the contact. */
  readonly revision: number;
}

export interface FiringStore {
  of(contactId: string): Promise<FiredBefore>;
  /** By contact; those for whom nothing ever fired are left out. */
  ofMany(contactIds: readonly string[]): Promise<ReadonlyMap<string, readonly Firing[]>>;
  /**
   * Keeps further firings of a contact, each of a trigger and an event once. False, and nothing is kept: others were since `known`.
   * @param forgetBefore ISO: firings of events before it count nowhere any more
   */
  add(
    contactId: string,
    firings: readonly Firing[],
    known: Pick<FiredBefore, 'revision'>,
    forgetBefore: string,
  ): Promise<boolean>;
}
