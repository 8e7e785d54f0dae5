// OpenAPI 3.1 from the route table and the schemas that the handlers themselves use.

import { z } from 'zod';
import { problem } from './answers';
import type { Endpoint, Route } from './exchange';

type Json = Record<string, unknown>;

/** Texts whose form only a function can check are documented as plain texts. */
const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest as Json;
};

const PROBLEMS = {
  '401': 'UNAUTHENTICATED',
  '403': 'FORBIDDEN',
  '404': 'NOT_FOUND',
  '409': 'CONFLICT',
  '413': 'TOO_LARGE',
  '422': 'INVALID_INPUT',
  '503': 'UNAVAILABLE',
};

/** The document; the same for every caller. */
export function openapiOf(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const item = paths[route.path] ?? {};
    item[route.method] = operationOf(route);
    paths[route.path] = item;
  }

  return {
    openapi: '3.1.0',
    info: {
      title: 'sopflow',
      version,
      description:
        '触达前先问管控，每次决策都有解释。 / One gate decides every contact, and one ledger explains every decision.',
    },
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: '密钥 / API key' } },
      schemas: { Problem: schemaOf(problem, 'output') },
      responses: {
        Problem: {
          description: 'RFC 9457',
          content: {
            'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
          },
        },
      },
    },
  };
}

function operationOf({ method, path, permit, endpoint }: Route): Json {
  const [zh, en] = endpoint.summary;
  return {
    operationId: `${method} ${path}`.replaceAll(
      /[^A-Za-z]+(\w)?/g,
      (_, letter: string | undefined) => (letter ?? '').toUpperCase(),
    ),
    summary: zh,
    description: en,
    tags: [tagOf(path)],
    ...(permit === 'public' ? { security: [] } : { 'x-roles': permit }),
    parameters: [
      ...pathParameters(path),
      ...queryParameters(endpoint),
      ...idempotency(method, permit, endpoint),
    ],
    ...(endpoint.body && { requestBody: requestOf(endpoint) }),
    ...(endpoint.uploadType !== undefined && { requestBody: uploadOf(endpoint.uploadType) }),
    responses: { '200': answerOf(endpoint), ...problemsOf(permit) },
  };
}

const tagOf = (path: string): string =>
  /^\/api\/v1\/(\w+)/.exec(path)?.[1] ?? (path.includes('callback') ? 'callbacks' : 'service');

const pathParameters = (path: string): Json[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

function queryParameters({ query }: Endpoint): Json[] {
  if (!query) return [];

  const { properties = {}, required = [] } = schemaOf(query, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };

  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

const idempotency = (
  method: string,
  permit: Route['permit'],
  { secret, uploadType }: Endpoint,
): Json[] =>
  method === 'get' || permit === 'public' || secret || uploadType !== undefined
    ? []
    : [
        {
          name: 'Idempotency-Key',
          in: 'header',
          required: false,
          schema: { type: 'string', maxLength: 200 },
        },
      ];

const uploadOf = (type: string): Json => ({
  required: true,
  content: { [type]: { schema: { type: 'string', format: 'binary' } } },
});

function requestOf({ body, rows }: Endpoint): Json {
  const schema = body ? schemaOf(body, 'input') : {};
  const lines =
    rows === true &&
    Array.isArray(schema.anyOf) &&
    JSON.stringify(schema.anyOf).includes('"maxItems"');

  return {
    required: true,
    content: {
      'application/json': { schema },
      ...(lines && {
        'application/x-ndjson': {
          schema: { type: 'string', description: '每行一个 JSON 对象 / one JSON object a line' },
        },
      }),
    },
  };
}

function answerOf({ answer, answerType }: Endpoint): Json {
  const schema = answer ? schemaOf(answer, 'output') : { type: 'string' };
  return { description: 'OK', content: { [answerType ?? 'application/json']: { schema } } };
}

function problemsOf(permit: Route['permit']): Json {
  const statuses = Object.keys(PROBLEMS).filter(
    (status) => permit !== 'public' || status !== '401',
  );
  return Object.fromEntries(
    statuses.map((status) => [status, { $ref: '#/components/responses/Problem' }]),
  );
}
