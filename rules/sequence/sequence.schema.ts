// The shape of a sequence as people write it: strict, so that a misspelt field is never lost silently.

import { z } from 'zod';
import { channelName } from '../contact/contact.schema';
import { id, label } from '../input/input.schema';
import { parseWith } from '../input/parse';
import { strict, touchClass, wallTime } from '../input/shape.schema';
import { REENTRIES } from '../journey/reentry';
import { condition } from '../trigger/condition.schema';
import { SEQUENCE_ENDINGS, type Sequence, STAFF_ACTIONS } from './sequence';

const MAX_DAYS = 730;
const MAX_STEPS = 50;
const MAX_LATE_HOURS = 30 * 24;
/** A mass send waits for its member seven days at most (WeCom). */
const MAX_CONFIRM_HOURS = 168;

/** Their nulls are values, not absent fields. */
const CONDITIONS = ['audience', 'when'];

const days = z.int().min(0).max(MAX_DAYS);
const labels = z.array(label).min(1).max(50);
const ids = z.array(id).min(1).max(50);

const starts = [
  strict({ kind: z.literal('added'), scenes: labels.optional() }),
  strict({ kind: z.literal('stage'), stage: label }),
  strict({ kind: z.literal('birthday'), daysBefore: days.optional() }),
  strict({ kind: z.literal('silent'), days: days.min(1) }),
  strict({ kind: z.literal('order'), products: ids.optional() }),
  strict({ kind: z.literal('contract-end'), daysBefore: days }),
  strict({ kind: z.literal('request') }),
] as const;

const stops = [
  strict({ kind: z.literal('replied') }),
  strict({ kind: z.literal('converted'), products: ids.optional() }),
  strict({ kind: z.literal('tagged'), tags: labels }),
  strict({ kind: z.literal('opted-out') }),
  strict({ kind: z.literal('deleted') }),
] as const;

const send = strict({
  kind: z.literal('send'),
  channel: channelName,
  class: touchClass.extract(['marketing', 'service']),
  template: id,
  category: label.optional(),
  product: id.optional(),
  confirmWithinHours: z.number().positive().max(MAX_CONFIRM_HOURS).optional(),
});

const byStaff = strict({
  kind: z.enum(STAFF_ACTIONS),
  template: id.optional(),
  scene: id.optional(),
  product: id.optional(),
}).refine(({ template, scene }) => template !== undefined || scene !== undefined, {
  path: ['template'],
  message: 'a text, or else a `scene`: what the member says',
});

const tag = strict({ kind: z.literal('tag'), tags: labels });
const stage = strict({ kind: z.literal('stage'), stage: label });
const next = strict({ kind: z.literal('next'), sequence: id });

/** Says which kinds there are to whoever names another. */
const kindsOf = (...kinds: readonly string[]) => ({
  error: (issue: { readonly code: string }) =>
    issue.code === 'invalid_union' ? kinds.join(', ') : undefined,
});

const kindOf = ({ shape }: (typeof starts | typeof stops)[number]): string => shape.kind.value;

const window = strict({ from: wallTime, to: wallTime }).refine(({ from, to }) => from < to, {
  path: ['to'],
  message: 'a wall time later than `from`: a step is over before midnight',
});

const step = strict({
  id,
  day: days,
  window,
  afterMinutes: z.int().min(1).max(1440).optional(),
  onlyOn: z.enum(['work', 'rest']).optional(),
  when: condition.optional(),
  do: z.discriminatedUnion(
    'kind',
    [send, byStaff, tag, stage],
    kindsOf('send', ...STAFF_ACTIONS, 'tag', 'stage'),
  ),
  lateWithinHours: z.number().positive().max(MAX_LATE_HOURS).optional(),
});

const atEnd = strict({
  on: z.array(z.enum(SEQUENCE_ENDINGS)).min(1).optional(),
  do: z.discriminatedUnion('kind', [tag, stage, next], kindsOf('tag', 'stage', 'next')),
});

/** Documents a sequence; read one with `readSequence`. */
export const sequenceBody = strict({
  name: label.optional(),
  start: z.discriminatedUnion('kind', starts, kindsOf(...starts.map(kindOf))),
  audience: condition.optional(),
  reentry: z.enum(REENTRIES),
  stopWhen: z
    .array(z.discriminatedUnion('kind', stops, kindsOf(...stops.map(kindOf))))
    .max(20)
    .optional(),
  steps: z.array(step).min(1).max(MAX_STEPS),
  atEnd: z.array(atEnd).max(20).optional(),
}).superRefine(({ steps }, context) => {
  const stepIds = steps.map((one) => one.id);
  stepIds.forEach((one, i) => {
    if (stepIds.indexOf(one) !== i)
      context.addIssue({
        code: 'custom',
        path: ['steps', i, 'id'],
        message: 'an id that no other step has',
      });
  });
}) satisfies z.ZodType<Sequence>;

/** @throws CodedError naming every place that is wrong */
export const readSequence = (body: unknown, path: string): Sequence =>
  parseWith(sequenceBody, body, path, CONDITIONS);
