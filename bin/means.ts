// What a command works with that begins something on a server and follows it: tests put others in their place.

import { setTimeout as sleep } from 'node:timers/promises';
import { findRemote, type Remote } from './remote';

const POLL_MS = 1000;

export interface FollowMeans {
  readonly remote: () => Pick<Remote, 'fetch'>;
  readonly output: { write(text: string): unknown };
  readonly progress: { write(text: string): unknown };
  /** Between two looks. */
  readonly pause: () => Promise<unknown>;
}

export const FOLLOW_MEANS: FollowMeans = {
  remote: () => findRemote(process.env),
  output: process.stdout,
  progress: process.stderr,
  pause: () => sleep(POLL_MS),
};
