// Quotas: limits that many contacts share, as published data; which of them a touch draws on, and what a full one answers.

import type { TouchClass } from '../contact/contact';
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

/** The answer to a touch whose scope is full: wait until the next local midnight, or never. */
export function beyondQuota(
  scope: string,
  touch: { readonly at: string; readonly expiresAt?: string | undefined },
  zone: string,
  explain: Decision['explain'],
): Decision {
  const suppressed: Decision = { verdict: 'suppressed', reason: 'quota', rule: scope, explain };
  if (scope.endsWith(`/${TOTAL}`)) return suppressed;

  const wall = zoneOf(zone);
  const midnight = wall.instantOf(wall.dayAt(instantAt(touch.at, 'touch.at')) + 1, 0);
  if (touch.expiresAt !== undefined && midnight >= instantAt(touch.expiresAt, 'touch.expiresAt'))
    return suppressed;

  return {
    verdict: 'deferred',
    reason: 'quota',
    rule: scope,
    until: formatInstant(midnight),
    explain,
  };
}
