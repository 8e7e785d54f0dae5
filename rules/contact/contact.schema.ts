// The shape of a customer's profile as deployments import and edit it: strict, so that a misspelt field is never lost silently.

import { z } from 'zod';
import { fen, id, label, percent, utc } from '../input/input.schema';
import { strict, text, touchClass, wallWindow, zone } from '../input/shape.schema';
import { CHANNEL_NAMES } from './contact';
import { phone } from './phone.schema';

const consentState = z.enum(['granted', 'refused', 'unknown']);
export const channelName = z.enum(CHANNEL_NAMES);

const relation = strict({
  staffId: id,
  externalUserId: id,
  state: z.enum(['friend', 'removed-by-customer', 'removed-by-staff']),
  addedAt: utc,
  removedAt: utc.exactOptional(),
  scene: label.exactOptional(),
});

const FACT_NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
const factValue = z.union([
  z.string().max(1000),
  z.number(),
  z.boolean(),
  z.array(z.string().max(200)).max(200),
]);

/** Known facts are typed; a deployment may add its own as plain values. */
const facts = z
  .object({
    dataUsedPct: percent.exactOptional(),
    voiceUsedPct: percent.exactOptional(),
    smsUsedPct: percent.exactOptional(),
    monthlySpendFen: fen.exactOptional(),
    overDataMonths: z.int().min(0).max(120).exactOptional(),
    balanceFen: fen.exactOptional(),
    billDueFen: fen.exactOptional(),
    billedAt: utc.exactOptional(),
    lastSpokeAt: utc.exactOptional(),
    openedAt: utc.exactOptional(),
    openedCampaign: label.exactOptional(),
    lastLoginAt: utc.exactOptional(),
    products: z.array(id).max(500).exactOptional(),
  })
  .catchall(factValue)
  .superRefine((given, context) => {
    for (const name of Object.keys(given))
      if (!FACT_NAME.test(name))
        context.addIssue({
          code: 'custom',
          path: [name],
          message: 'a name of 1 to 64 letters, digits or underscores',
        });
  });

/** Lists often have no fee beside the plan. */
export const plan = strict({ id, fee: z.number().min(0).max(100_000).exactOptional() });

const block = strict({ channel: z.union([channelName, z.literal('*')]), reason: label });

const dnd = strict({
  from: utc.exactOptional(),
  until: utc.exactOptional(),
  channels: z.array(channelName).min(1).exactOptional(),
  classes: z.array(touchClass).min(1).exactOptional(),
});

/** Blanks at either end are no part of a name. */
const personName = z.string().trim().max(120);

const editable = {
  city: id,
  name: personName.min(1).exactOptional(),
  phone: phone.exactOptional(),
  phoneShared: z.boolean().exactOptional(),
  unionId: id.exactOptional(),
  brand: label.exactOptional(),
  payType: z.enum(['prepaid', 'postpaid']).exactOptional(),
  plan: plan.exactOptional(),
  activatedAt: utc.exactOptional(),
  personalisation: z.boolean().exactOptional(),
  timezone: zone.exactOptional(),
  billDay: z.int().min(1).max(31).exactOptional(),
  quietHours: wallWindow.exactOptional(),
  blocks: z.array(block).max(50).exactOptional(),
  facts: facts.exactOptional(),
};

/** One row of an import; a known contact need not be told its city again. */
export const importRow = strict({
  contactId: id,
  ...editable,
  name: personName.exactOptional(), // blank: as if absent
  city: id.exactOptional(),
  asOf: utc.exactOptional(), // what its facts and its plan are of
  relations: z.array(relation).max(200).exactOptional(),
  channels: z.partialRecord(channelName, strict({ reachable: z.boolean() })).exactOptional(),
  consents: z.partialRecord(channelName, z.partialRecord(touchClass, consentState)).exactOptional(),
  /** Of when the consents of the row are. */
  consentsAt: utc.exactOptional(),
  dnd: z.array(dnd).max(50).exactOptional(),
});

/** A change of some fields; a field that is `null` is removed. */
export const profileChange = strict({
  ...editable,
  city: id.exactOptional(),
  channels: z.partialRecord(channelName, strict({ reachable: z.boolean() })).exactOptional(),
});

export const consentChanges = strict({
  changes: z
    .array(
      strict({
        channel: channelName,
        class: touchClass,
        state: consentState,
        source: text.max(60),
        textVersion: label.exactOptional(),
        staffId: id.exactOptional(),
        /** When it was said; absent: now. */
        at: utc.exactOptional(),
        /** It was the customer's own act. Of a refusal by `sms-reply`, `wecom-chat`, `hotline` or `staff` it is understood. */
        own: z.boolean().exactOptional(),
      }),
    )
    .min(1)
    .max(50),
});

/** An answer of the customer that a member of staff passes on; no words of the customer, for they would be personal. */
export const optOut = strict({
  channel: z.union([channelName, z.literal('all')]).default('all'),
  source: z.literal('staff').default('staff'),
  staffId: id.exactOptional(),
  textVersion: label.exactOptional(),
});

export const CHANNELS = channelName.options;

export const dndEntries = strict({ dnd: z.array(dnd).max(50) });
