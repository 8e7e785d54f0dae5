// What is asked for, whoever asks: the same for a journey, a wave and the message centre.

import type { TouchInput } from '../contract';
import type { CallingRun } from '../deps';
import type { TouchOrigin } from './origin';

/** One touch to be decided and delivered. */
export interface TouchRequest extends Omit<TouchInput, 'journey' | 'step' | 'pickedBy'> {
  readonly origin: TouchOrigin;
  /** The version that the run had pinned was withdrawn: another stands in its place, or the touch ends. */
  readonly withdrawnText?: 'replaced' | 'ends';
}

/** A welcome goes out by itself; nobody confirms it by hand. */
export const isWelcome = ({ welcomeId, welcomeCode }: TouchRequest): boolean =>
  welcomeId !== undefined || welcomeCode !== undefined;

/** A touch as the workflow of a journey asks for it. */
export function requestOfJourney(
  { journey, step, pickedBy, ...asked }: TouchInput,
  { workflowId, runId }: CallingRun,
): TouchRequest {
  const run = { workflowId, runId, ...(pickedBy !== undefined && { pickedBy }) };
  return { ...asked, origin: { kind: 'journey', journey, step, ...run } };
}
