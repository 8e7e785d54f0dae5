// The types of event that are taken: those that sopflow knows of itself, and those that admins register with a schema of their data.

import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { CodedError } from '../../rules/base/errors';
import { type OwnEventType, ownEventType, ownTypeName } from '../../rules/event/eventType.schema';
import { EVENT_DATA } from '../../rules/event/eventTypes.schema';
import { label } from '../../rules/input/input.schema';
import { parseWith } from '../../rules/input/parse';
import { strict } from '../../rules/input/shape.schema';
import { formatInstant } from '../../rules/time/instant';
import type { ApiDeps } from '../deps';
import { endpoint } from '../exchange';

/** Each is looked through for every batch of events. */
const MAX_TYPES = 200;

const jsonSchema = z.record(z.string(), z.unknown());
const registered = z.object({
  type: z.string(),
  builtIn: z.boolean(),
  schema: jsonSchema,
  name: z.string().optional(),
  version: z.int().optional(),
  author: z.string().optional(),
  at: z.string().optional(),
});

export const listEventTypes = endpoint({
  summary: [
    '事件类型（内置与自定义）及其数据的 JSON Schema',
    'Types of event, built-in and registered, with the JSON Schema of their data',
  ],
  answer: z.object({ items: z.array(registered) }),
  async handle({ deps }) {
    const own = await deps.stores.eventTypes.inForce();
    return { body: { items: [...BUILT_IN(), ...own.map(viewOf)] } };
  },
});

const BUILT_IN = () =>
  Object.entries(EVENT_DATA).map(([type, data]) => ({
    type,
    builtIn: true,
    schema: z.toJSONSchema(data, { io: 'input', unrepresentable: 'any' }),
  }));

type Registered = Awaited<ReturnType<ApiDeps['stores']['eventTypes']['inForce']>>[number];

const viewOf = ({ id: type, version, body, author, at }: Registered) => ({
  ...{ type, builtIn: false, version, ...body },
  ...{ author, at },
});

/** In force at once. The same again changes nothing; anything else is a new version. */
export const putEventType = endpoint({
  summary: [
    '登记自定义事件类型（JSON Schema）',
    'Register a type of event, or a new version of one, with a JSON Schema of its data',
  ],
  everyCity: true,
  body: strict({ name: label.exactOptional(), schema: jsonSchema }),
  answer: registered,
  async handle({ deps, caller, params, body }) {
    const type = parseWith(ownTypeName, params.type, 'type');
    const given = parseWith<OwnEventType>(ownEventType, body, '');
    const { eventTypes } = deps.stores;

    const known = await eventTypes.inForce();
    const before = known.find(({ id }) => id === type);
    if (before && isDeepStrictEqual(before.body, given)) return { body: viewOf(before) };
    if (!before && known.length >= MAX_TYPES) throw tooMany();

    const at = formatInstant(deps.clock.now());
    const { version } = await eventTypes.draft(type, given, caller.name, at);
    const published = await eventTypes.publish(type, version, caller.name, at);
    if (!published) throw new CodedError('UNAVAILABLE', `${type}@${version} is not there yet`);
    return { status: before ? 200 : 201, body: viewOf(published) };
  },
});

const tooMany = (): CodedError =>
  new CodedError('CONFLICT', `at most ${MAX_TYPES} types of event can be registered`);
