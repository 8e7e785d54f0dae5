// Calls per minute and endpoint; past the limit the endpoint is closed for as long as the window that was exceeded.

import { MINUTE_MS } from '../../rules/time/durations';
import type { Clock } from '../clock';
import { WecomError } from './errors';

/** @returns a check that throws WecomError 45009. */
export function createFrequency(clock: Clock, callsPerMinute: number): (path: string) => void {
  const windows = new Map<string, { from: number; calls: number; closedUntil: number }>();
  return (path) => {
    const now = clock.now();
    const window = windows.get(path) ?? { from: now, calls: 0, closedUntil: 0 };
    windows.set(path, window);
    if (window.closedUntil > now) throw new WecomError(45009);

    if (now - window.from >= MINUTE_MS) Object.assign(window, { from: now, calls: 0 });
    window.calls += 1;
    if (window.calls > callsPerMinute) {
      window.closedUntil = now + MINUTE_MS;
      throw new WecomError(45009);
    }
  };
}
