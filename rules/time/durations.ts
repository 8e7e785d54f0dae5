// Lengths that every clock agrees on, in milliseconds. A local day may be longer or shorter: ask anchors.ts for those.

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
