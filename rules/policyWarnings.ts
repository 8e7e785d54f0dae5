// What a valid policy says that its author probably does not mean. Nothing here is refused: the gate obeys it all.

import type { TouchClass } from './contact';
import type { Policy } from './policy.schema';
import { covers } from './scope';
import { channelWord, classWord, everyWord, type Lang, type Phrase } from './terms';

export interface PolicyWarning {
  /** Dotted, lists by index: `caps[0].limit`. */
  readonly path: string;
  readonly kind:
    | 'always-quiet'
    | 'nothing-passes'
    | 'never-binds'
    | 'never-applies'
    | 'waits-too-long';
  readonly words: Phrase;
}

/** Rules that silence a kind of touch for good, or that can never make a difference. */
export function policyWarnings(policy: Policy): PolicyWarning[] {
  return [
    ...alwaysQuiet(policy),
    ...capWarnings(policy),
    ...tooLong(policy),
    ...emptyScopes(policy),
  ];
}

const both = (words: (lang: Lang) => string): Phrase => ({
  'zh-CN': words('zh-CN'),
  en: words('en'),
});

const CLASSES: readonly TouchClass[] = ['marketing', 'service', 'transactional'];
/** Stands for every channel that the policy does not name. */
const ANY_OTHER = '*';
const DAY_MINUTES = 1440;

/** Kinds of touch for which the windows of every day leave no minute of the day. */
function alwaysQuiet({
  quietHours = [],
  caps = [],
  gaps = [],
  consent = [],
}: Policy): PolicyWarning[] {
  const named = [...quietHours, ...caps, ...gaps, ...consent].flatMap(
    ({ channels }) => channels ?? [],
  );
  const channels = [...new Set(named), ANY_OTHER];
  return CLASSES.flatMap((touchClass) => {
    const silent = channels.filter((channel) =>
      isFull(quietHours.filter((window) => covers(window, { class: touchClass, channel }))),
    );
    const all = silent.length === channels.length;
    return silent
      .filter((channel) => (all ? channel === ANY_OTHER : true))
      .map((channel) => {
        const on = (lang: Lang) => (channel === ANY_OTHER ? '' : channelWord(channel, lang));
        return {
          path: 'quietHours',
          kind: 'always-quiet' as const,
          words: both((lang) =>
            lang === 'en'
              ? `quiet hours leave no time of any day for ${classWord(touchClass, lang)}${on(lang) && ` on ${on(lang)}`}: nothing can ever be sent`
              : `静默时段覆盖全天，${on(lang)}${classWord(touchClass, lang)}类触达永远无法发出`,
          ),
        };
      });
  });
}

/** True when the windows of every day hold every minute of the day. */
function isFull(windows: NonNullable<Policy['quietHours']>): boolean {
  const minutes = (wall: string) => Number(wall.slice(0, 2)) * 60 + Number(wall.slice(3));
  const spans = windows
    .filter(({ days, dayKinds }) => days === undefined && dayKinds === undefined)
    .flatMap(({ from, to }) =>
      to > from
        ? [[minutes(from), minutes(to)] as const]
        : ([
            [minutes(from), DAY_MINUTES],
            [0, minutes(to)],
          ] as const),
    )
    .sort(([a], [b]) => a - b);
  let reached = 0;
  for (const [from, to] of spans) if (from <= reached) reached = Math.max(reached, to);
  return reached >= DAY_MINUTES;
}

type Cap = NonNullable<Policy['caps']>[number];

function capWarnings({ caps = [] }: Policy): PolicyWarning[] {
  return caps.flatMap((cap, i): PolicyWarning[] => {
    if (cap.limit === 0)
      return [
        {
          path: `caps[${i}].limit`,
          kind: 'nothing-passes',
          words: {
            'zh-CN': `上限「${cap.id}」为 0：所适用的触达一律不发`,
            en: `cap "${cap.id}" is 0: nothing it applies to ever passes`,
          },
        },
      ];
    const longer = caps.find(
      (other) => other !== cap && holdsAll(other, cap) && other.limit < cap.limit,
    );
    if (longer === undefined) return [];
    return [
      {
        path: `caps[${i}].limit`,
        kind: 'never-binds',
        words: both((lang) =>
          lang === 'en'
            ? `cap "${cap.id}" (${everyWord(cap.window, lang)}, ${cap.limit}) never binds: "${longer.id}" (${everyWord(longer.window, lang)}, ${longer.limit}) is full before`
            : `上限「${cap.id}」（${everyWord(cap.window, lang)} ${cap.limit} 次）不会生效：「${longer.id}」（${everyWord(longer.window, lang)} ${longer.limit} 次）先满`,
        ),
      },
    ];
  });
}

/** True when all that `cap` counts is also counted by `other`, whose window is no shorter. */
function holdsAll(other: Cap, cap: Cap): boolean {
  const key = (values: readonly string[] | undefined) =>
    JSON.stringify(values && [...values].sort());
  const same = (['classes', 'channels', 'per'] as const).every(
    (field) => key(other[field]) === key(cap[field]),
  );
  return (
    same &&
    key(other.counts ?? other.classes) === key(cap.counts ?? cap.classes) &&
    holdsWindow(other.window, cap.window)
  );
}

const UNITS_IN: Readonly<Record<string, readonly string[]>> = {
  day: ['day'],
  week: ['day', 'week'],
  month: ['day', 'month'],
  billCycle: ['day', 'billCycle'],
};

function holdsWindow(longer: Cap['window'], window: Cap['window']): boolean {
  if (longer.kind === 'rolling') return window.kind === 'rolling' && longer.hours >= window.hours;
  return window.kind === 'calendar' && (UNITS_IN[longer.unit]?.includes(window.unit) ?? false);
}

/** Gaps that only ever end after the longest wait: what they hold is dropped instead. */
function tooLong({ gaps = [], maxDeferHours }: Policy): PolicyWarning[] {
  return gaps.flatMap(({ id, hours, onHit }, i) =>
    maxDeferHours === undefined || onHit === 'suppress' || hours <= maxDeferHours
      ? []
      : [
          {
            path: `gaps[${i}].hours`,
            kind: 'waits-too-long' as const,
            words: {
              'zh-CN': `间隔「${id}」为 ${hours} 小时，超过最长顺延 ${maxDeferHours} 小时：刚触达过的客户将被抑制而非顺延`,
              en: `gap "${id}" of ${hours} h is longer than the longest deferral of ${maxDeferHours} h: soon after a touch the next is suppressed, not deferred`,
            },
          },
        ],
  );
}

/** Rules about no class, no channel or no day at all. */
function emptyScopes(policy: Policy): PolicyWarning[] {
  return (['consent', 'quietHours', 'gaps', 'caps'] as const).flatMap((part) =>
    (policy[part] ?? []).flatMap((rule: object, i) =>
      (['classes', 'channels', 'counts', 'days', 'dayKinds'] as const)
        .filter((field) => {
          const value: unknown = Reflect.get(rule, field);
          return Array.isArray(value) && value.length === 0;
        })
        .map((field) => ({
          path: `${part}[${i}].${field}`,
          kind: 'never-applies' as const,
          words: {
            'zh-CN': `${field} 为空：该规则不会生效`,
            en: `${field} is empty: the rule never applies`,
          },
        })),
    ),
  );
}
