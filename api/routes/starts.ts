// The kinds of journeys, and starting one by hand or from another system with exactly the fields that its kind needs.

import { z } from 'zod';
import { launch } from '../../intake/launch';
import { versionRef } from '../../rules/base/ids';
import { pastFields } from '../../rules/contact/pastInstant';
import { runStart } from '../../rules/journey/journey.schema';
import {
  type InputOf,
  JOURNEY_KINDS,
  type JourneyKind,
  journeyInput,
  journeyKind,
} from '../../rules/journey/kinds';
import { assertFitting } from '../../rules/journey/textFit';
import * as answers from '../answers';
import type { ApiDeps } from '../deps';
import { type Endpoint, endpoint } from '../exchange';
import { visibleContact } from '../scope';

const startAnswer = z.object({
  workflowId: z.string(),
  started: z.boolean(),
  link: z.string().optional(),
});

export const listKinds = endpoint({
  summary: [
    '旅程种类：做什么、属于哪类触达、启动需要哪些字段',
    'The kinds of journeys: what each does, the classes of its touches and what a start of it brings',
  ],
  answer: answers.listOf(answers.kindOfJourney),
  async handle() {
    return { body: { items: JOURNEY_KINDS.map(kindView) } };
  },
});

function kindView(kind: JourneyKind) {
  const { name, does, classes, fields, defaults = {} } = journeyKind(kind);

  const start = Object.entries(fields).map(([field, word]) => ({
    field,
    type: word.replace('?', ''),
    required: !word.endsWith('?') && !(field in defaults),
  }));

  return { kind, name, does, classes, start };
}

/** What a start says has happened. */
const HAPPENED = ['addedAt', 'billedAt'];

/** 201 when it began, 200 when a run of the same entry is going or has been. */
export function starting(kind: JourneyKind): Endpoint {
  return endpoint({
    summary: [`启动旅程 ${kind}`, `Start the journey ${kind} for a contact`],
    body: runStart(kind),
    answer: startAnswer,
    async handle(exchange) {
      const { deps } = exchange;
      const claims = pastFields(exchange.body, HAPPENED, deps.clock.now());
      const { contactId, ...start } = claims;
      const contact = await visibleContact(exchange, contactId);
      await assertTextsFit(deps, kind, journeyInput(kind, contactId, start, deps.timezone));

      const launched = await launch(deps, kind, contact, start);
      const link = deps.runLink(launched.workflowId);

      return {
        status: launched.started ? 201 : 200,
        body: { ...launched, ...(link !== undefined && { link }) },
      };
    },
  });
}

/** A text that is not published yet is waited for by the run. @throws CodedError INVALID_INPUT */
async function assertTextsFit<K extends JourneyKind>(
  { stores }: ApiDeps,
  kind: K,
  input: InputOf<K>,
): Promise<void> {
  const uses = await Promise.all(
    journeyKind(kind)
      .texts(input)
      .map(async (use) => ({ use, text: await stores.templates.current(use.template) })),
  );

  assertFitting(
    uses.flatMap(({ use, text }) =>
      text ? [[use, { ref: versionRef(text.id, text.version), body: text.body }] as const] : [],
    ),
  );
}
