// The shape of a material, by its kind.

import { z } from 'zod';
import { id, label } from '../input/input.schema';
import { strict } from '../input/shape.schema';

/** A page that anybody may open: no name and password in it, and nothing but the web. */
const address = z
  .string()
  .max(2000)
  .regex(/^https?:\/\/[^\s/@]+(\/\S*)?$/, 'an address that begins with https:// or http://');

const common = { id, name: label, tags: z.array(label).max(20).exactOptional() };

const kinds = [
  strict({ ...common, kind: z.literal('text'), text: z.string().min(1).max(4000) }),
  strict({ ...common, kind: z.literal('poster'), url: address }),
  strict({
    ...common,
    kind: z.literal('link'),
    url: address,
    title: label,
    description: z.string().min(1).max(500).exactOptional(),
    cover: address.exactOptional(),
  }),
  strict({
    ...common,
    kind: z.literal('mini-program'),
    appId: z.string().regex(/^[A-Za-z0-9]{1,64}$/, '1 to 64 letters or digits'),
    page: z.string().min(1).max(1024),
    title: label,
    cover: address,
  }),
  strict({ ...common, kind: z.literal('file'), url: address, fileName: label }),
] as const;

const KINDS = kinds.map((kind) => kind.shape.kind.value).join(', ');

export const material = z.discriminatedUnion('kind', kinds, {
  error: (issue) => (issue.code === 'invalid_union' ? KINDS : undefined),
});
