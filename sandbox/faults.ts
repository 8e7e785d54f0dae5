// Faults: what goes wrong on purpose, how often, and where.

import type { Serials } from './identity';
import type { Random } from './random';
import type { Table } from './tables';

export const SYSTEMS = ['wecom', 'sms', 'crm', 'iop'] as const;
export type System = (typeof SYSTEMS)[number];

export const REQUEST_FAULTS = [
  'errcode',
  'http-500',
  'timeout-before',
  'timeout-after-accept',
  'delay',
  'truncate',
  'token-invalid',
] as const;
export const CALLBACK_FAULTS = ['drop-callback', 'duplicate-callback', 'reorder-callback'] as const;
export type FaultKind = (typeof REQUEST_FAULTS)[number] | (typeof CALLBACK_FAULTS)[number];

export interface Fault {
  readonly id: string;
  readonly system: System;
  /** Part of the request's path, or of the callback's type. Absent: all. */
  readonly path?: string | undefined;
  readonly kind: FaultKind;
  /** Share of the matching requests it hits. */
  readonly rate: number;
  /** Hits left; absent: no end. */
  readonly count?: number | undefined;
  readonly errcode?: number | string | undefined;
  readonly delayMs?: number | undefined;
}

export interface Faults {
  add(fault: Omit<Fault, 'id'>): Fault;
  /** The first fault of these kinds that hits this place; its count goes down. */
  strike(system: System, place: string, kinds: readonly FaultKind[]): Fault | null;
  clear(): void;
}

export function createFaults(deps: {
  faults: Table<Fault>;
  serials: Serials;
  random: () => Random;
}): Faults {
  const { faults, serials, random } = deps;
  const spend = (fault: Fault): void => {
    if (fault.count === undefined) return;
    if (fault.count <= 1) faults.delete(fault.id);
    else faults.set(fault.id, { ...fault, count: fault.count - 1 });
  };

  return {
    add(fault) {
      const kept = { ...fault, id: String(serials.count('fault')) };
      faults.set(kept.id, kept);
      return kept;
    },
    strike(system, place, kinds) {
      const hit = faults
        .all()
        .find(
          (fault) =>
            fault.system === system &&
            kinds.includes(fault.kind) &&
            place.includes(fault.path ?? '') &&
            random().chance(fault.rate),
        );
      if (!hit) return null;

      spend(hit);
      return hit;
    },
    clear() {
      for (const fault of faults.all()) faults.delete(fault.id);
    },
  };
}
