// What a carrier says of a number that it lets no text reach.

/** Codes of gateways. */
const BLACKLISTED: ReadonlySet<string> = new Set(['MBBLACK', 'BLACKLISTED']);

/** True when the carrier, not a fault, keeps texts from the number: no further one may be tried. */
export const isBlacklisted = (code: string): boolean => BLACKLISTED.has(code.toUpperCase());
