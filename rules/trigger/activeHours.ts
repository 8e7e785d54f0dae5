// The hours of the day in which a trigger fires.

import type { Trigger } from './trigger';

export interface ActiveHours {
  readonly from: string;
  readonly to: string;
}

/** Null: at all hours. An end that is not named is the day's own. */
export function activeHours({
  activeFrom,
  activeTo,
}: Pick<Trigger, 'activeFrom' | 'activeTo'>): ActiveHours | null {
  const from = activeFrom ?? '00:00';
  const to = activeTo ?? '24:00';
  const isWholeDay = from === '00:00' && to === '24:00';
  return isWholeDay || from === to ? null : { from, to };
}

/** @param at `HH:mm`, or more exactly, of the local clock. A window that ends before it begins goes over midnight. */
export function isActive({ from, to }: ActiveHours, at: string): boolean {
  return to < from ? at >= from || at < to : at >= from && at < to;
}
