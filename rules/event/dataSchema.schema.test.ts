// What a registered schema may say, and that data is read by it as JSON Schema means it.

import fc from 'fast-check';
import { z } from 'zod';
import { isCodedError } from '../base/errors';
import { parseWith } from '../input/parse';
import { type DataSchema, dataReader, dataSchema } from './dataSchema.schema';

const SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  title: '宽带报障',
  properties: {
    ticket: { type: 'string', maxLength: 20 },
    kind: { type: 'string', enum: ['slow', 'down'] },
    minutes: { type: 'integer', minimum: 0, maximum: 10_000 },
    since: { type: 'string', format: 'date-time' },
    dueOn: { type: 'string', format: 'date' },
    isVip: { type: 'boolean' },
    lines: {
      type: 'array',
      maxItems: 2,
      items: { type: 'object', properties: { port: { type: 'number' } }, required: ['port'] },
    },
  },
  required: ['ticket'],
};
const DATA = {
  ...{ ticket: 't-1', kind: 'slow', minutes: 30, isVip: true },
  ...{ since: '2026-03-02T02:00:00.000Z', dueOn: '2026-03-05', lines: [{ port: 1.5 }] },
};

const issuesOf = (act: () => unknown) => {
  try {
    act();
    return [];
  } catch (error) {
    if (!isCodedError(error)) throw error;
    return error.issues;
  }
};
const read = (schema: object, data: object) =>
  parseWith(dataReader(parseWith(dataSchema, schema, 'schema')), data, 'data');
const placesOf = (schema: object) =>
  issuesOf(() => parseWith(dataSchema, schema, 'schema')).map(({ path }) => path);
const one = (node: object) => ({ type: 'object', properties: { a: node } });

test('data of a schema is read, and reads the same again', () => {
  expect(read(SCHEMA, DATA)).toEqual(DATA);
  expect(read(SCHEMA, { ticket: 't-1', since: '2026-03-02T10:00:00+08:00' })).toEqual({
    ticket: 't-1',
    since: DATA.since,
  });
});

test.each([
  [{}, 'data.ticket'],
  [{ ...DATA, kind: 'other' }, 'data.kind'],
  [{ ...DATA, minutes: 1.5 }, 'data.minutes'],
  [{ ...DATA, minutes: -1 }, 'data.minutes'],
  [{ ...DATA, since: 'yesterday' }, 'data.since'],
  [{ ...DATA, dueOn: '2026-02-30' }, 'data.dueOn'],
  [{ ...DATA, ticket: 'x'.repeat(21) }, 'data.ticket'],
  [{ ...DATA, lines: [{ port: 1 }, { port: 2 }, { port: 3 }] }, 'data.lines'],
  [{ ...DATA, lines: [{ port: 1, more: 2 }] }, 'data.lines[0].more'],
  [{ ...DATA, more: 1 }, 'data.more'],
])('data that does not fit is refused with its place: %j', (data, path) => {
  expect(issuesOf(() => read(SCHEMA, data)).map((issue) => issue.path)).toEqual([path]);
});

test.each([
  [{ type: 'string' }, ['schema.type', 'schema.properties']],
  [one({ $ref: 'https://elsewhere/schema' }), ['schema.properties.a.type']],
  [one({ type: 'string', $ref: '#/x' }), ['schema.properties.a.$ref']],
  [one({ type: 'string', pattern: '(a+)+$' }), ['schema.properties.a.pattern']],
  [one({ type: 'string', format: 'regex' }), ['schema.properties.a.format']],
  [one({ type: 'string', maxLength: 5000 }), ['schema.properties.a.maxLength']],
  [one({ type: 'array' }), ['schema.properties.a.items']],
  [{ ...one({ type: 'boolean' }), additionalProperties: true }, ['schema.additionalProperties']],
  [{ ...one({ type: 'boolean' }), required: ['b'] }, ['schema.required[0]']],
  [{ ...one({ type: 'boolean' }), $schema: 'http://json-schema.org/draft-04' }, ['schema.$schema']],
  [{ ...one({ type: 'boolean' }), oneOf: [] }, ['schema.oneOf']],
  [{ type: 'object', properties: { 'a.b': { type: 'boolean' } } }, ['schema.properties.a.b']],
  [{ type: 'object', properties: { type: { type: 'boolean' } } }, ['schema.properties.type']],
  [
    { type: 'object', properties: { constructor: { type: 'boolean' } } },
    ['schema.properties.constructor'],
  ],
  [one(one(one(one(one({ type: 'boolean' }))))), ['schema']],
])('a schema that is not bounded or not closed is refused: %j', (schema, places) => {
  expect(placesOf(schema)).toEqual(places);
});

test('a schema of more than a hundred fields is refused', () => {
  const flags = Array.from({ length: 101 }, (_, i) => [`f${i}`, { type: 'boolean' }] as const);
  const schemaOf = (fields: typeof flags) => ({
    ...{ type: 'object', properties: Object.fromEntries(fields) },
  });
  expect(placesOf(schemaOf(flags))).toEqual(['schema']);
  expect(placesOf(schemaOf(flags.slice(1)))).toEqual([]);
});

test('a refused keyword is answered with what there is and why', () => {
  const [issue] = issuesOf(() =>
    parseWith(dataSchema, one({ type: 'string', pattern: '^a' }), 'schema'),
  );
  expect(issue?.allowed).toContain('maxLength');
  expect(issue?.allowed).toContain('no references, patterns or combinations');
});

test('data beyond 16 KB is refused, however much its schema allows', () => {
  const texts = { type: 'array', maxItems: 200, items: { type: 'string', maxLength: 1000 } };
  const data = { a: Array.from({ length: 20 }, () => 'x'.repeat(900)) };
  expect(issuesOf(() => read(one(texts), data)).map(({ path }) => path)).toEqual(['data']);
});

const scalar = fc.oneof(
  fc.constant({ type: 'boolean' }),
  fc.record({ type: fc.constant('integer'), minimum: fc.integer({ min: -3, max: 3 }) }),
  fc.record({ type: fc.constant('number'), maximum: fc.integer({ min: -3, max: 3 }) }),
  fc.record({ type: fc.constant('string'), maxLength: fc.integer({ min: 0, max: 3 }) }),
  fc.constant({ type: 'string', enum: ['a', 'bb'] }),
);
const objectOf = (inner: fc.Arbitrary<unknown>) =>
  fc
    .dictionary(fc.constantFrom('a', 'b', 'c'), inner, { maxKeys: 3, noNullPrototype: true })
    .chain((properties) =>
      fc.record({
        type: fc.constant('object'),
        properties: fc.constant(properties),
        required: fc.subarray(Object.keys(properties)),
        additionalProperties: fc.constant(false),
      }),
    );
const { node } = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    scalar,
    fc.record({ type: fc.constant('array'), items: tie('node'), maxItems: fc.nat({ max: 3 }) }),
    objectOf(tie('node')),
  ),
}));
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    fc.constantFrom(true, 0, 1, -4, 2.5, 'a', 'bb', '', 'long'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  ),
})).value;

test('data is taken and refused as a general reader of JSON Schema does', () => {
  fc.assert(
    fc.property(
      objectOf(node),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), value),
      (schema, data) => {
        const parsed = dataSchema.parse(schema) satisfies DataSchema;
        const general = z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema);
        expect(dataReader(parsed).safeParse({ ...data }).success).toBe(
          general.safeParse({ ...data }).success,
        );
      },
    ),
    { numRuns: 2000 },
  );
});
