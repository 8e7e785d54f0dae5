// The life of a trigger: versions are drafted, one of them is enabled, and it can be disabled at any time.

import { CodedError } from '../base/errors';
import { versionRef } from '../base/ids';

/** What somebody did to a trigger besides drafting versions of it. */
export interface TriggerAct {
  readonly kind: 'enabled' | 'disabled';
  readonly version: number;
  readonly by: string;
  /** ISO. */
  readonly at: string;
  readonly reason?: string;
}

export interface TriggerLife {
  readonly triggerId: string;
  /** The version that fires; absent: none does. */
  readonly enabled?: number;
  /** In the order in which they were done; never shortened. */
  readonly acts: readonly TriggerAct[];
  /** Counts changes: a change holds only against the life it was made on. */
  readonly revision: number;
}

/** Of a trigger of which no version was ever enabled. */
export const newTriggerLife = (triggerId: string): TriggerLife => ({
  triggerId,
  acts: [],
  revision: 0,
});

type Act = Omit<TriggerAct, 'kind'>;

/** The life with a version that fires from now on, in place of the one that did. @throws CodedError CONFLICT when it does already */
export function enableVersion(life: TriggerLife, act: Act): TriggerLife {
  const { triggerId, enabled } = life;
  if (enabled === act.version)
    throw new CodedError('CONFLICT', `${versionRef(triggerId, act.version)} is enabled already`);

  const acts = [...life.acts, { ...act, kind: 'enabled' as const }];
  return { triggerId, enabled: act.version, acts, revision: life.revision + 1 };
}

/** The life of a trigger that fires no more. Runs that it has begun go on. @throws CodedError CONFLICT when no version fires */
export function disableTrigger(
  { triggerId, enabled, ...life }: TriggerLife,
  act: Omit<Act, 'version'>,
): TriggerLife {
  if (enabled === undefined)
    throw new CodedError('CONFLICT', `no version of ${triggerId} is enabled`);

  const acts = [...life.acts, { ...act, kind: 'disabled' as const, version: enabled }];
  return { triggerId, acts, revision: life.revision + 1 };
}
