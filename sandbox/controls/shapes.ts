// What the controls accept; anything else is refused with its path.

import { z } from 'zod';
import { LEAD_OUTCOMES } from '../../rules/journey/lead';
import { CALLBACK_FAULTS, REQUEST_FAULTS, SYSTEMS } from '../faults';

const id = z.string().min(1).max(128);
const fen = z.int().min(0).max(100_000_000);

export const nothing = z.strictObject({});
/** `state` is the channel parameter of the code that was scanned. */
export const adding = z.strictObject({
  staffId: id,
  state: z.string().max(30).optional(),
  half: z.boolean().optional(),
});
export const deleting = z.strictObject({
  staffId: id.optional(),
  by: z.enum(['customer', 'staff']).default('customer'),
});
export const chatting = z.strictObject({
  staffId: id.optional(),
  text: z.string().min(1).max(500).optional(),
});
export const using = z.strictObject({ percent: z.number().min(0).max(100_000) });
/** What the bill asks for, in fen. */
export const billing = z.strictObject({ balance: fen });
export const accepting = z.strictObject({
  product: id.optional(),
  touchId: z.string().min(1).max(512).optional(),
});
export const refusing = z.strictObject({ product: id.optional() });
/** The link in the last thing received, where nothing is named. */
export const opening = z
  .strictObject({
    campaign: z.string().min(1).max(120).optional(),
    touchId: z.string().min(1).max(512).optional(),
  })
  .refine(({ campaign, touchId }) => campaign === undefined || touchId === undefined, {
    path: ['touchId'],
    message: 'either campaign or touchId',
  });
export const replying = z.strictObject({ text: z.string().min(1).max(500) });
export const confirming = z.strictObject({ msgid: id.optional() });

export const leadShape = z.strictObject({
  contactId: id,
  outcome: z.enum(LEAD_OUTCOMES),
  product: id.optional(),
  leadId: id.optional(),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
});

export const faultShape = z.strictObject({
  system: z.enum(SYSTEMS),
  path: z.string().max(200).optional(),
  kind: z.enum([...REQUEST_FAULTS, ...CALLBACK_FAULTS]),
  rate: z.number().min(0).max(1).default(1),
  count: z.int().min(1).optional(),
  errcode: z.union([z.int(), z.string().min(1).max(60)]).optional(),
  delayMs: z.int().min(0).max(3_600_000).optional(),
});

const relation = z.strictObject({
  staffId: id,
  externalUserId: id.optional(),
  state: z.enum(['friend', 'removed-by-customer', 'removed-by-staff']).default('friend'),
  addedAt: z.iso.datetime({ offset: true }),
  scene: z.string().max(30).optional(),
});

/** Rows of `PUT /api/v1/contacts:batch` fit here as they are: what the systems do not know is passed over. */
export const customersShape = z.strictObject({
  customers: z
    .array(
      z.object({
        contactId: id,
        name: z.string().max(120).optional(),
        phone: z.string().max(20).optional(),
        unionId: id.optional(),
        city: id.optional(),
        plan: z.object({ id, fee: z.number().min(0) }).optional(),
        relations: z.array(relation).optional(),
        facts: z
          .object({
            balanceFen: z.int().optional(),
            billDueFen: fen.optional(),
            dataUsedPct: z.number().optional(),
            monthlySpendFen: fen.optional(),
            overDataMonths: z.int().optional(),
          })
          .optional(),
      }),
    )
    .max(5000),
});

export const staffShape = z.strictObject({
  staff: z
    .array(
      z.strictObject({
        staffId: id,
        name: z.string().max(120).optional(),
        city: id.optional(),
        ignores: z.boolean().optional(),
        consoleWelcome: z.boolean().optional(),
      }),
    )
    .max(5000),
});

export const productsShape = z.strictObject({
  products: z
    .array(
      z.object({ id, name: z.string().min(1).max(120), kind: z.string(), fee: z.number().min(0) }),
    )
    .max(5000),
});

export const bookQuery = z.object({ since: z.string().optional() });
