// Starting a journey by hand or from another system with exactly the fields that its kind needs.

import { z } from 'zod';
import { launch } from '../../intake/launch';
import { runStart } from '../../rules/journey/journey.schema';
import type { JourneyKind } from '../../rules/journey/kinds';
import { type Endpoint, endpoint } from '../exchange';
import { visibleContact } from '../scope';

const startAnswer = z.object({
  workflowId: z.string(),
  started: z.boolean(),
  link: z.string().optional(),
});

/** 201 when it began, 200 when a run of the same entry is going or has been. */
export function starting(kind: JourneyKind): Endpoint {
  return endpoint({
    summary: [`启动旅程 ${kind}`, `Start the journey ${kind} for a contact`],
    body: runStart(kind),
    answer: startAnswer,
    async handle(exchange) {
      const { deps } = exchange;
      const { contactId, ...start } = exchange.body;
      const contact = await visibleContact(exchange, contactId);

      const launched = await launch(deps, kind, contact, start);
      const link = deps.runLink(launched.workflowId);

      return {
        status: launched.started ? 201 : 200,
        body: { ...launched, ...(link !== undefined && { link }) },
      };
    },
  });
}
