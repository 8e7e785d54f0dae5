// How a journey is begun from outside, by kind, and how a lead comes in. What only sopflow knows is filled in by it.

import { z } from 'zod';
import { channelName } from '../contact/contact.schema';
import { id, label, utc } from '../input/input.schema';
import { date, strict } from '../input/shape.schema';
import type { Fields, FieldWord } from './kind';
import { type JourneyKind, journeyKind, type StartOf } from './kinds';
import { LEAD_OUTCOMES } from './lead';
import { REENTRIES } from './reentry';

export const leadOutcome = z.enum(LEAD_OUTCOMES);

export const leadInput = strict({
  leadId: id,
  contactId: id,
  product: id,
  outcome: leadOutcome,
  outcomeSaid: label.exactOptional(),
  createdAt: utc,
  expiresAt: utc.exactOptional(),
});

const SCHEMA_OF: Readonly<Record<FieldWord, z.ZodType>> = {
  id,
  label,
  instant: utc,
  date,
  channel: channelName,
  channels: z.array(channelName).max(3),
  'lead-outcome': leadOutcome,
  attempts: z.int().min(1).max(10),
  reentry: z.enum(REENTRIES),
};

/** What starts a journey of a kind, as its entry in the table describes it. */
export function runStart<K extends JourneyKind>(
  kind: K,
): z.ZodType<StartOf<K> & { readonly contactId: string }> {
  const { fields, defaults } = journeyKind(kind);
  const shape = shapeOf(fields, defaults ?? {});

  // The compiler cannot follow the words of the table through the shape.
  return strict({ contactId: id, ...shape }) as unknown as z.ZodType<
    StartOf<K> & { readonly contactId: string }
  >;
}

function shapeOf(fields: Fields, defaults: object): Readonly<Record<string, z.ZodType>> {
  const standIns = new Map<string, unknown>(Object.entries(defaults));

  return Object.fromEntries(
    Object.entries(fields).map(([name, word]) => {
      const schema = SCHEMA_OF[word.replace('?', '') as FieldWord];
      if (word.endsWith('?')) return [name, schema.exactOptional()];
      return [name, standIns.has(name) ? schema.default(standIns.get(name)) : schema];
    }),
  );
}
