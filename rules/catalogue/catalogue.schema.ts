// The shape of a catalogue as people publish it: ids are given once, and what it names has to be in it.

import { z } from 'zod';
import { id, label } from '../input/input.schema';
import { parseWith } from '../input/parse';
import { strict } from '../input/shape.schema';
import { condition } from '../trigger/condition.schema';
import type { Catalogue } from './catalogue';
import { refuseUnfitReferences } from './catalogueReferences';
import { material } from './material.schema';
import { promotion } from './promotion.schema';
import { scene } from './scene.schema';

/** Their nulls are values, not absent fields. */
const CONDITIONS_OF_CATALOGUES = ['condition'];

const segment = strict({
  name: label.exactOptional(),
  brands: z.array(label).min(1).max(100).exactOptional(),
  condition: condition.exactOptional(),
}).refine(({ brands, condition: asked }) => brands !== undefined || asked !== undefined, {
  path: ['brands'],
  message: 'brands, or a condition, or both',
});

const product = strict({
  id,
  name: label,
  kind: z.enum(['plan', 'data-pack', 'broadband', 'device', 'rights']),
  fee: z.number().min(0).max(100_000),
  onShelf: z.boolean(),
  category: label.exactOptional(),
  tier: label.exactOptional(),
  segments: z.array(segment).min(1).max(20).exactOptional(),
  advantages: z.array(z.string().min(1).max(300)).max(20).exactOptional(),
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
  promotions: z.array(promotion).max(2000).exactOptional(),
  scenes: z.array(scene).max(500).exactOptional(),
  materials: z.array(material).max(2000).exactOptional(),
}).superRefine(refuseUnfitReferences) satisfies z.ZodType<Catalogue>;

/** @throws CodedError naming every place that is wrong */
export const readCatalogue = (body: unknown, path: string): Catalogue =>
  parseWith(catalogue, body, path, CONDITIONS_OF_CATALOGUES);
