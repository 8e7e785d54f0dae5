// The shape of a scene and of its scripts.

import { z } from 'zod';
import { id, label } from '../input/input.schema';
import { strict } from '../input/shape.schema';

const script = strict({
  id,
  customerLikes: z.boolean(),
  staffLikes: z.boolean(),
  text: z.string().min(1).max(2000),
});

export const scene = strict({
  id,
  name: label,
  hotTopics: z.array(label).max(50).exactOptional(),
  products: z.array(id).max(100).exactOptional(),
  materials: z.array(id).max(100).exactOptional(),
  scripts: z.array(script).max(200),
});
