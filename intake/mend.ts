// A parked item read again, as it was or as a person corrected it: only what can be taken goes back into the inbox.

import type { z } from 'zod';
import type { SystemCallback, WecomCallback } from '../ports/callbacks';
import type { Inbound } from '../ports/inbox';
import type { Lead } from '../ports/leads';
import { CodedError } from '../rules/base/errors';
import type { EventReader } from '../rules/event/readEvent.schema';
import { parseWith } from '../rules/input/parse';
import { systemCallback, wecomCallback } from '../rules/journey/callback.schema';
import { leadInput } from '../rules/journey/journey.schema';
import { inboundEvent, inboundLead, inboundSystem, inboundWecom } from './inbound';

type FieldsOf<T> = T extends unknown ? keyof T : never;
type Whole<S extends z.ZodType, T> = [Exclude<FieldsOf<T>, FieldsOf<z.infer<S>>>] extends [never]
  ? S
  : never;
/** A field of call-backs that the schema forgets would park every item that has it; so that does not compile. */
const everyField: Whole<typeof systemCallback, SystemCallback> = systemCallback;

type Parked = Pick<Inbound, 'key' | 'kind' | 'receivedAt'>;

/**
 * @param readEvent reads events by the types that are registered now, under `payload`
 * @throws CodedError INVALID_INPUT with every place that is wrong
 */
export function mendedItem(
  { key, kind, receivedAt }: Parked,
  payload: Inbound['payload'],
  readEvent: EventReader,
): Inbound {
  if (kind !== 'event') return { ...readItem(kind, payload, receivedAt), key };

  const { typeVersion: _before, ...told } = payload;
  return { ...inboundEvent(readEvent(told), receivedAt), key };
}

function readItem(
  kind: Exclude<Inbound['kind'], 'event'>,
  payload: Inbound['payload'],
  receivedAt: number,
): Inbound {
  switch (kind) {
    case 'lead':
      return inboundLead(parseWith<Lead>(leadInput, payload, 'payload'), receivedAt);
    case 'wecom':
      return inboundWecom(parseWith<WecomCallback>(wecomCallback, payload, 'payload'), receivedAt);
    case 'sms':
    case 'crm':
    case 'iop':
      return readSystem(kind, payload, receivedAt);
  }
}

function readSystem(
  kind: SystemCallback['system'],
  payload: Inbound['payload'],
  receivedAt: number,
): Inbound {
  const callback = parseWith<SystemCallback>(everyField, payload, 'payload');
  if (callback.system === kind) return inboundSystem(callback, receivedAt);

  throw new CodedError('INVALID_INPUT', `payload.system: ${callback.system} is not ${kind}`, [
    { path: 'payload.system', message: 'another system', value: callback.system, allowed: kind },
  ]);
}
