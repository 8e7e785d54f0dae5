// Quotas: limits that many contacts share, as published data; which of them a touch draws on, and what a full one answers.

import type { TouchClass } from '../contact/contact';
import { MINUTE_MS } from '../time/durations';
import { formatInstant, instantAt } from '../time/instant';
import { localDate } from '../time/localDate';
import { zoneOf } from '../time/zone';
import type { Decision } from './gate.schema';

/** Touches per scope; what is not named has no limit. Days are those of the policy's zone. */
export interface QuotaLimits {
  /** City → touches a day. */
  readonly cities?: Readonly<Record<string, number>>;
  /** A day, for cities that are not named. */
  readonly default?: number;
  /** Confirmations asked of one member of staff a day. */
  readonly staffPerDay?: number;
  /** Tasks that one member of staff may have open at once; each frees its place when it is settled. */
  readonly staffOpen?: number;
  readonly campaigns?: Readonly<
    Record<string, { readonly total?: number; readonly perDay?: number }>
  >;
}

/** One unit to be taken of a scope that may not hold more than `limit`. */
export interface QuotaTake {
  readonly scope: string;
  readonly limit: number;
}

export interface QuotaSubject {
  /** Transactional touches are owed to the customer and draw on no quota. */
  readonly class: TouchClass;
  readonly city: string;
  readonly campaign?: string | undefined;
  /** Who would be asked to confirm the touch, if anybody. */
  readonly staffId?: string | undefined;
}

const TOTAL = 'total';
const OPEN = 'staff-open/';
/** Staff may have settled one by then. */
const OPEN_AGAIN_MS = 30 * MINUTE_MS;

/** The scopes that a touch draws on at an instant, the lasting ones first: no day is waited for in a campaign that is over. */
export function quotaTakes(
  limits: QuotaLimits,
  subject: QuotaSubject,
  at: string,
  zone: string,
): QuotaTake[] {
  if (subject.class === 'transactional') return [];

  const { city, campaign, staffId } = subject;
  const day = localDate(at, zone);
  const ofCampaign = campaign === undefined ? undefined : limits.campaigns?.[campaign];
  const takes: { readonly scope: string; readonly limit: number | undefined }[] = [
    { scope: `campaign/${campaign}/${TOTAL}`, limit: ofCampaign?.total },
    { scope: `campaign/${campaign}/${day}`, limit: ofCampaign?.perDay },
    { scope: `city/${city}/${day}`, limit: limits.cities?.[city] ?? limits.default },
    {
      scope: `staff/${staffId}/${day}`,
      limit: staffId === undefined ? undefined : limits.staffPerDay,
    },
  ];

  return takes.flatMap(({ scope, limit }) => (limit === undefined ? [] : [{ scope, limit }]));
}

/** What a touch draws on until it is settled, whatever comes of it; null: nothing. */
export const openTake = (
  { staffOpen }: QuotaLimits,
  { class: touchClass, staffId }: Pick<QuotaSubject, 'class' | 'staffId'>,
): QuotaTake | null =>
  staffOpen === undefined || staffId === undefined || touchClass === 'transactional'
    ? null
    : { scope: `${OPEN}${staffId}`, limit: staffOpen };

/** Whether a scope is of a member of staff: another one may have room. */
export const isStaffScope = (scope: string): boolean =>
  scope.startsWith('staff/') || scope.startsWith(OPEN);

/** The answer to a touch whose scope is full: wait until the next local midnight, until a task may have ended, or never. */
export function beyondQuota(
  scope: string,
  touch: { readonly at: string; readonly expiresAt?: string | undefined },
  zone: string,
  explain: Decision['explain'],
): Decision {
  const suppressed: Decision = { verdict: 'suppressed', reason: 'quota', rule: scope, explain };
  if (scope.endsWith(`/${TOTAL}`)) return suppressed;

  const until = freeAt(scope, instantAt(touch.at, 'touch.at'), zone);
  if (touch.expiresAt !== undefined && until >= instantAt(touch.expiresAt, 'touch.expiresAt'))
    return suppressed;

  return {
    verdict: 'deferred',
    reason: 'quota',
    rule: scope,
    until: formatInstant(until),
    explain,
  };
}

/** Milliseconds: when a scope that is full may have room again. */
function freeAt(scope: string, at: number, zone: string): number {
  if (scope.startsWith(OPEN)) return at + OPEN_AGAIN_MS;

  const wall = zoneOf(zone);
  return wall.instantOf(wall.dayAt(at) + 1, 0);
}
