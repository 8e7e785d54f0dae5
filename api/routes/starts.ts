// Starting journeys by hand or from another system: one endpoint a kind, each with exactly the fields its journey needs.

import { z } from 'zod';
import { launch, OVERAGE_DEFAULTS } from '../../intake/launch';
import type { JourneyKind } from '../../rules/base/ids';
import type { Contact } from '../../rules/contact/contact';
import { runStart } from '../../rules/journey/journey.schema';
import type { InputOf } from '../../rules/journey/messages';
import { localDate } from '../../rules/time/localDate';
import { type Endpoint, endpoint } from '../exchange';
import { visibleContact } from '../scope';

const startAnswer = z.object({
  workflowId: z.string(),
  started: z.boolean(),
  link: z.string().optional(),
});

/** As WeCom names the entry: a relation made once has one welcome and one follow-up, whoever starts them. */
const seconds = (instant: string): string => String(Math.floor(Date.parse(instant) / 1000));

export const startWelcome = starting('welcome', runStart.welcome, (body) => ({
  version: 1,
  entry: seconds(body.addedAt),
  ...body,
}));

export const startFollowUp = starting('followUp', runStart.followUp, (body) => ({
  version: 1,
  entry: seconds(body.addedAt),
  ...body,
}));

export const startMonthStart = starting(
  'monthStart',
  runStart.monthStart,
  (body, contact, timezone) => ({
    version: 1,
    entry: localDate(body.billedAt, contact.timezone ?? timezone),
    ...body,
  }),
);

export const startOverage = starting('overage', runStart.overage, (body) => ({
  version: 1,
  ...OVERAGE_DEFAULTS,
  ...body,
}));

export const startLeadRetry = starting('leadRetry', runStart.leadRetry, (body) => ({
  version: 1,
  entry: body.leadId,
  ...body,
}));

/** 201 when it began, 200 when a run of the same entry is going or has been. */
function starting<Kind extends JourneyKind, Body extends { readonly contactId: string }>(
  kind: Kind,
  body: z.ZodType<Body>,
  inputOf: (body: Body, contact: Contact, timezone: string) => InputOf[Kind],
): Endpoint {
  return endpoint({
    summary: [`启动旅程 ${kind}`, `Start the journey ${kind} for a contact`],
    body,
    answer: startAnswer,
    async handle(exchange) {
      const { deps } = exchange;
      const contact = await visibleContact(exchange, exchange.body.contactId);
      const launched = await launch(
        deps,
        kind,
        contact,
        inputOf(exchange.body, contact, deps.timezone),
      );
      const link = deps.runLink(launched.workflowId);
      return {
        status: launched.started ? 201 : 200,
        body: { ...launched, ...(link !== undefined && { link }) },
      };
    },
  });
}
