// Reads events of any type, of those that sopflow knows of itself and of those that admins registered.

import { CodedError } from '../base/errors';
import { parseWith } from '../input/parse';
import { strict } from '../input/shape.schema';
import { dataReader } from './dataSchema.schema';
import { type CustomerEvent, customerEvent } from './event.schema';
import {
  EVENT_TYPES,
  eventFrame,
  type OwnEvent,
  type OwnEventType,
  takenOwnEvent,
} from './eventType.schema';

export type ReportedEvent = CustomerEvent | OwnEvent;

export const isOwnEvent = (event: ReportedEvent): event is OwnEvent => 'typeVersion' in event;

/** A registered type in the version in force. */
export interface RegisteredType {
  readonly id: string;
  readonly version: number;
  readonly body: OwnEventType;
}

/** @throws CodedError INVALID_INPUT with every place that is wrong */
export type EventReader = (value: unknown) => ReportedEvent;

/** Reads what a system reports. @param path of the event, for messages; empty: it is the whole */
export function eventReader(registered: readonly RegisteredType[], path = ''): EventReader {
  const readers = new Map<string, EventReader>();
  const types = [...EVENT_TYPES, ...registered.map(({ id }) => id)];

  return (value) => {
    const type = typeOf(value);
    if (type === undefined || EVENT_TYPES.includes(type))
      return parseWith(customerEvent, value, path);

    const known = registered.find(({ id }) => id === type);
    if (!known) throw unknownType(type, path, types);

    const read = readers.get(type) ?? readerOf(known, path);
    readers.set(type, read);
    return read(value);
  };
}

function readerOf({ version, body }: RegisteredType, path: string): EventReader {
  const event = strict({ ...eventFrame, data: dataReader(body.schema).prefault({}) });
  return (value) => ({ ...parseWith(event, value, path), typeVersion: version });
}

/** Reads an event as it was taken, whatever has become of its type since. @throws CodedError INVALID_INPUT */
export function readTaken(payload: Readonly<Record<string, unknown>>): ReportedEvent {
  return 'typeVersion' in payload
    ? parseWith<OwnEvent>(takenOwnEvent, payload, '')
    : parseWith(customerEvent, payload, '');
}

function typeOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  return typeof value.type === 'string' ? value.type : undefined;
}

function unknownType(type: string, base: string, types: readonly string[]): CodedError {
  const path = base === '' ? 'type' : `${base}.type`;
  const value = JSON.stringify(type.slice(0, 80));
  const allowed = types.join(', ');
  const message = `${value} is not allowed; allowed: ${allowed}`;
  return new CodedError('INVALID_INPUT', `${path}: ${message}`, [
    { path, message, value, allowed },
  ]);
}
