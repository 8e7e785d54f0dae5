// Whether a city's own rules are stricter than the province's: a touch that passes them passes the province's, too.

import type { CityOverride } from './cityOverride.schema';
import type { Policy } from './policy.schema';

/** A place in an override that is looser than the province, and what would be allowed there. */
interface Looser {
  readonly path: readonly (string | number)[];
  readonly allowed: string;
}

type Rules<Part extends 'consent' | 'quietHours' | 'gaps' | 'caps'> = NonNullable<
  Policy[Part]
>[number];
type Quiet = Rules<'quietHours'>;

/**
 * Where an override is not provably stricter than the province. Rules under ids of their own, and consent needs, only add
 * refusals; one under the province's id is held against the province's, field by field.
 */
export function looserThan(province: Policy, override: CityOverride): Looser[] {
  const most = province.maxDeferHours;
  const asked = override.maxDeferHours;

  return [
    ...(most !== undefined && asked !== undefined && asked > most
      ? [{ path: ['maxDeferHours'], allowed: `at most ${most}, as in the province` }]
      : []),
    ...against('quietHours', province.quietHours, override.quietHours, looserQuiet),
    ...against('gaps', province.gaps, override.gaps, looserGap),
    ...against('caps', province.caps, override.caps, looserCap),
  ];
}

type Compare<Rule> = (province: Rule, city: Rule) => (Looser | false)[];

function against<Rule extends { readonly id: string }>(
  part: string,
  province: readonly Rule[] | undefined,
  city: readonly Rule[] | undefined,
  compare: Compare<Rule>,
): Looser[] {
  return (city ?? []).flatMap((rule, i) => {
    const bound = province?.find(({ id }) => id === rule.id);
    const found = bound === undefined ? [] : compare(bound, rule);

    return found
      .filter((each) => each !== false)
      .map(({ path, allowed }) => ({ path: [part, i, ...path], allowed }));
  });
}

/** The same values in any order; absent is a value of its own. */
function sameValues(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((value) => b.includes(value));
}

/** Absent means all. */
const holds = (all: readonly string[] | undefined, some: readonly string[] | undefined): boolean =>
  all === undefined || (some?.every((value) => all.includes(value)) ?? false);

const listed = (values: readonly string[] | undefined): string => values?.join(', ') ?? 'absent';

const laxerHit = (
  province: { readonly onHit?: string | undefined },
  city: { readonly onHit?: string | undefined },
) =>
  province.onHit === 'suppress' &&
  city.onHit !== 'suppress' && { path: ['onHit'], allowed: 'suppress, as in the province' };

/** What a gap or cap is about and counts has to stay: another scope counts other touches, which proves nothing. */
function otherScope(
  province: Rules<'gaps'> | Rules<'caps'>,
  city: Rules<'gaps'> | Rules<'caps'>,
): (Looser | false)[] {
  return (['classes', 'counts', 'channels', 'per'] as const).map(
    (field) =>
      !sameValues(province[field], city[field]) && {
        path: [field],
        allowed: `${listed(province[field])}, as in the province; a rule of another scope takes an id of its own`,
      },
  );
}

const looserGap: Compare<Rules<'gaps'>> = (province, city) => [
  ...otherScope(province, city),
  city.hours < province.hours && {
    path: ['hours'],
    allowed: `at least ${province.hours}, as in the province`,
  },
  province.openCounts === 'deadline' &&
    city.openCounts !== 'deadline' && {
      path: ['openCounts'],
      allowed: 'deadline, as in the province',
    },
  laxerHit(province, city),
];

const looserCap: Compare<Rules<'caps'>> = (province, city) => [
  ...otherScope(province, city),
  city.limit > province.limit && {
    path: ['limit'],
    allowed: `at most ${province.limit}, as in the province`,
  },
  !holdsWindow(city.window, province.window) && {
    path: ['window'],
    allowed: windowBound(province.window),
  },
  laxerHit(province, city),
];

type Window = Rules<'caps'>['window'];

/** A longer rolling window counts all that a shorter one counts; calendar windows only compare with themselves. */
function holdsWindow(city: Window, province: Window): boolean {
  if (city.kind === 'rolling') return province.kind === 'rolling' && city.hours >= province.hours;
  return province.kind === 'calendar' && city.unit === province.unit;
}

const windowBound = (window: Window): string =>
  window.kind === 'rolling'
    ? `rolling, at least ${window.hours} hours, as in the province`
    : `calendar ${window.unit}, as in the province`;

const looserQuiet: Compare<Quiet> = (province, city) => [
  ...(['classes', 'channels', 'days', 'dayKinds'] as const).map(
    (field) =>
      !holds(city[field], province[field]) && {
        path: [field],
        allowed: `absent (all)${province[field] ? `, or with ${listed(province[field])}, as in the province` : ''}`,
      },
  ),
  !holdsHours(city, province) && {
    path: ['from'],
    allowed: `hours that hold ${province.from}-${province.to}, as in the province`,
  },
  laxerHit(province, city),
];

const DAY_MINUTES = 1440;

/** Minutes from midnight of the date on which it starts. */
function span({ from, to }: Quiet): { readonly start: number; readonly end: number } {
  const minutes = (wall: string) => Number(wall.slice(0, 2)) * 60 + Number(wall.slice(3));
  return { start: minutes(from), end: minutes(to) + (to <= from ? DAY_MINUTES : 0) };
}

/** A window of every day may also begin on the evening before the one that it has to hold. */
function holdsHours(city: Quiet, province: Quiet): boolean {
  const outer = span(city);
  const inner = span(province);
  const everyDay = city.days === undefined && city.dayKinds === undefined;
  return [0, ...(everyDay ? [DAY_MINUTES] : [])].some(
    (earlier) => outer.start - earlier <= inner.start && outer.end - earlier >= inner.end,
  );
}
