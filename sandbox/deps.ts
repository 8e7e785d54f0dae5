// The parts every simulated system shares, as one object.

import type { Book } from './book';
import type { Clock } from './clock';
import type { Faults } from './faults';
import type { Serials } from './identity';
import type { SandboxOptions, Sopflow } from './options';
import type { Outbox } from './outbox';
import type { Random } from './random';
import type { State } from './state';
import type { Tables } from './tables';
import type { Timers } from './timers';
import type { WorldOptions } from './world/options';

export interface Deps {
  readonly options: SandboxOptions;
  readonly clock: Clock;
  readonly state: State;
  readonly tables: Tables;
  readonly serials: Serials;
  readonly timers: Timers;
  readonly outbox: Outbox;
  readonly faults: Faults;
  readonly book: Book;
  readonly world: () => WorldOptions;
  /** A stream of random answers per name; begins anew when the world's seed changes. */
  readonly random: (name: string) => Random;
  readonly sopflow: () => Sopflow | null;
}

/** A delay of people or systems, in milliseconds at the world's speed. */
export const paced = (deps: Deps, seconds: number): number => (seconds * 1000) / deps.world().speed;
