// What can be sent to a running flow, and asked of it.

import type {
  ContactChanged,
  ContactEvent,
  RunProgress,
  TaskSettled,
  TouchSettled,
} from '../../rules/journey/messages';
import { defineQuery, defineSignal } from './temporal';

export const contactSignal = defineSignal<[ContactEvent]>('contact');
export const changedSignal = defineSignal<[ContactChanged]>('changed');
export const settledSignal = defineSignal<[TouchSettled]>('settled');
export const taskSettledSignal = defineSignal<[TaskSettled]>('taskSettled');
export const stopSignal = defineSignal<[{ readonly by: string; readonly why?: string }]>('stop');
export const pauseSignal = defineSignal<[{ readonly by: string }]>('pause');
export const resumeSignal = defineSignal<[{ readonly by: string }]>('resume');
export const progressQuery = defineQuery<RunProgress>('progress');

/** To a flow that finds what it has to do in its records: there is something new in them. */
export const wakeSignal = defineSignal('wake');

/** To a mass send: the journey of this touch has stopped, it should not go out any more. */
export const withdrawSignal = defineSignal<[{ readonly touchId: string }]>('withdraw');
