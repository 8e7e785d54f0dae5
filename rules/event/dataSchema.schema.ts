// The JSON Schema (draft 2020-12) that an admin registers for the data of a type of his own: of closed objects, bounded throughout.

import { z } from 'zod';
import { utc } from '../input/input.schema';
import { date, strict } from '../input/shape.schema';

interface Words {
  readonly title?: string;
  readonly description?: string;
}

interface ObjectSchema extends Words {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, NodeSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
}

interface ListSchema extends Words {
  readonly type: 'array';
  readonly items: NodeSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
}

interface TextSchema extends Words {
  readonly type: 'string';
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly enum?: readonly string[];
  readonly format?: 'date' | 'date-time';
}

interface NumberSchema extends Words {
  readonly type: 'number' | 'integer';
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly number[];
}

interface FlagSchema extends Words {
  readonly type: 'boolean';
}

type NodeSchema = ObjectSchema | ListSchema | TextSchema | NumberSchema | FlagSchema;

export type DataSchema = ObjectSchema;

/** Nothing grows beyond these, whatever a schema leaves open. */
const MAX = {
  ...{ levels: 5, fields: 100, options: 100 },
  ...{ items: 200, textLength: 1000, bytes: 16_384 },
  number: 1_000_000_000_000,
};
const USUAL = { items: 50, textLength: 200 };

const FIELD = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

/** An object of keywords. Nothing is fetched for a schema, and none may take long over a value: hence no `$ref` and no `pattern`. */
function keywords<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = [...Object.keys(shape), 'title', 'description'].join(', ');
  return z.strictObject(
    {
      ...shape,
      title: z.string().max(200).exactOptional(),
      description: z.string().max(1000).exactOptional(),
    },
    {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? `${known} (no references, patterns or combinations: a schema stands for itself and is bounded)`
          : undefined,
    },
  );
}

const fieldName = z
  .string()
  .regex(FIELD, '1 to 64 letters, digits or underscores, beginning with a letter')
  .refine((name) => name !== 'constructor', 'a name that conditions may ask for');

const count = (max: number) => z.int().min(0).max(max).exactOptional();
const bound = z.number().min(-MAX.number).max(MAX.number);
const node: z.ZodType<NodeSchema> = z.lazy(() =>
  z.discriminatedUnion('type', [objectNode, listNode, textNode, numberNode, integerNode, flagNode]),
);

const objectFields = {
  type: z.literal('object'),
  properties: z.record(fieldName, node),
  required: z.array(z.string()).max(MAX.fields).exactOptional(),
  additionalProperties: z.literal(false).exactOptional(),
};
const objectNode = keywords(objectFields).superRefine(requireKnown);

function requireKnown(
  { properties, required = [] }: Pick<ObjectSchema, 'properties' | 'required'>,
  context: z.RefinementCtx,
): void {
  required.forEach((name, i) => {
    if (!Object.hasOwn(properties, name))
      context.addIssue({
        code: 'custom',
        path: ['required', i],
        message: `one of properties: ${Object.keys(properties).join(', ')}`,
      });
  });
}

const listNode = keywords({
  type: z.literal('array'),
  items: node,
  minItems: count(MAX.items),
  maxItems: count(MAX.items),
});

const textNode = keywords({
  type: z.literal('string'),
  minLength: count(MAX.textLength),
  maxLength: count(MAX.textLength),
  enum: z.array(z.string().max(MAX.textLength)).min(1).max(MAX.options).exactOptional(),
  format: z.enum(['date', 'date-time']).exactOptional(),
});

const numbers = {
  minimum: bound.exactOptional(),
  maximum: bound.exactOptional(),
  enum: z.array(bound).min(1).max(MAX.options).exactOptional(),
};
const numberNode = keywords({ type: z.literal('number'), ...numbers });
const integerNode = keywords({ type: z.literal('integer'), ...numbers });
const flagNode = keywords({ type: z.literal('boolean') });

/** Beside `data` conditions see these of every event. */
const OF_EVERY_EVENT = ['type', 'occurredAt'];

/** The schema as it is kept: without `$schema`. */
export const dataSchema = keywords({ ...objectFields, $schema: z.literal(DRAFT).exactOptional() })
  .superRefine(requireKnown)
  .superRefine(({ properties }, context) => {
    for (const name of OF_EVERY_EVENT)
      if (Object.hasOwn(properties, name))
        context.addIssue({
          code: 'custom',
          path: ['properties', name],
          message: `any name but ${OF_EVERY_EVENT.join(' and ')}, which every event has`,
        });
  })
  .transform(({ $schema: _draft, ...schema }): DataSchema => schema)
  .superRefine((schema, context) => {
    const { levels, fields } = sizeOf(schema);
    if (levels > MAX.levels)
      context.addIssue({ code: 'custom', message: `at most ${MAX.levels} levels of nesting` });
    if (fields > MAX.fields)
      context.addIssue({ code: 'custom', message: `at most ${MAX.fields} fields in all` });
  });

function sizeOf(schema: NodeSchema): { readonly levels: number; readonly fields: number } {
  const inner =
    schema.type === 'object'
      ? Object.values(schema.properties)
      : schema.type === 'array'
        ? [schema.items]
        : [];
  const sizes = inner.map(sizeOf);
  return {
    levels: 1 + Math.max(0, ...sizes.map(({ levels }) => levels)),
    fields: inner.length + sizes.reduce((sum, { fields }) => sum + fields, 0),
  };
}

/** What reads data of a schema: unknown fields are refused with their path, instants become UTC with milliseconds. */
export function dataReader(schema: DataSchema): z.ZodType<Readonly<Record<string, unknown>>> {
  return objectReader(schema).refine((data) => JSON.stringify(data).length <= MAX.bytes, {
    message: `at most ${MAX.bytes} bytes of JSON`,
  });
}

function objectReader({ properties, required = [] }: ObjectSchema) {
  const fields = Object.entries(properties).map(([name, child]): [string, z.ZodType] => {
    const reader = readerOf(child);
    return [name, required.includes(name) ? reader : reader.exactOptional()];
  });
  return strict(Object.fromEntries(fields));
}

function readerOf(schema: NodeSchema): z.ZodType {
  switch (schema.type) {
    case 'object':
      return objectReader(schema);
    case 'array': {
      const { items, minItems = 0, maxItems = USUAL.items } = schema;
      return z.array(readerOf(items)).min(minItems).max(maxItems);
    }
    case 'string':
      return textReader(schema);
    case 'number':
    case 'integer':
      return numberReader(schema);
    case 'boolean':
      return z.boolean();
  }
}

function textReader({ minLength = 0, maxLength, enum: options, format }: TextSchema): z.ZodType {
  if (options) return z.enum([...options]);
  if (format === 'date') return date;
  if (format === 'date-time') return utc;
  const most = maxLength ?? Math.max(USUAL.textLength, minLength);
  return z.string().min(minLength).max(most, `a text of at most ${most} characters`);
}

function numberReader({
  type,
  minimum = -MAX.number,
  maximum = MAX.number,
  enum: options,
}: NumberSchema): z.ZodType {
  if (options) return z.literal([...options]);
  const number = type === 'integer' ? z.int() : z.number();
  return number.min(minimum).max(maximum);
}
