// The shape of a catalogue as people publish it: what it names has to be in it.

import { z } from 'zod';
import { id, label } from '../input/input.schema';
import { strict } from '../input/shape.schema';
import type { Catalogue } from './catalogue';

const product = strict({
  id,
  name: label,
  kind: z.enum(['plan', 'data-pack', 'broadband', 'device', 'rights']),
  fee: z.number().min(0).max(100_000),
  onShelf: z.boolean(),
});

const features = strict({
  minDataUsedPct: z.number().min(0).exactOptional(),
  minOverDataMonths: z.int().min(0).exactOptional(),
  minMonthlySpendFen: z.int().min(0).exactOptional(),
  maxMonthlySpendFen: z.int().min(0).exactOptional(),
  brand: label.exactOptional(),
});

const migration = strict({
  id,
  from: id,
  when: features,
  to: id,
  priority: z.int().min(0).max(1000),
});

export const catalogue = strict({
  products: z.array(product).max(5000),
  migrations: z.array(migration).max(5000),
}).superRefine(({ products, migrations }, context) => {
  const known = new Set<string>();
  products.forEach((entry, i) => {
    if (known.has(entry.id))
      context.addIssue({
        code: 'custom',
        path: ['products', i, 'id'],
        message: 'an id that no other product has',
      });
    known.add(entry.id);
  });
  const rules = new Set<string>();
  migrations.forEach((entry, i) => {
    const at = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: ['migrations', i, field], message });
    if (rules.has(entry.id)) at('id', 'an id that no other migration has');
    rules.add(entry.id);
    if (!known.has(entry.to)) at('to', 'the id of a product of this catalogue');
    if (entry.to === entry.from) at('to', 'another product than `from`');
  });
}) satisfies z.ZodType<Catalogue>;
