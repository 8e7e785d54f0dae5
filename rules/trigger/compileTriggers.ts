// Triggers made ready to be tested: conditions turned into predicates once, and the order of testing settled.

import { createMatcher, type Matcher } from './matcher';
import type { Trigger } from './trigger';

export interface CompiledTrigger {
  readonly trigger: Trigger;
  /** Asked of `{ event, contact }`. */
  readonly matches: Matcher;
}

/** Those that are enabled, by the event type that they listen to, each list in the order of testing. */
export type CompiledTriggers = ReadonlyMap<string, readonly CompiledTrigger[]>;

export function compileTriggers(triggers: readonly Trigger[]): CompiledTriggers {
  const compiled = new Map<string, CompiledTrigger[]>();
  const inOrder = triggers.filter(({ enabled }) => enabled).sort(firstTested);

  for (const trigger of inOrder) {
    const others = compiled.get(trigger.event) ?? [];
    compiled.set(trigger.event, [...others, { trigger, matches: createMatcher(trigger.when) }]);
  }

  return compiled;
}

/** By falling priority, then by id in code units. */
function firstTested(a: Trigger, b: Trigger): number {
  const higher = (b.priority ?? 0) - (a.priority ?? 0);
  if (higher !== 0) return higher;

  return a.id < b.id ? -1 : 1;
}
