// Structured logs for both roots, with what is personal or secret taken out before a line is written.

import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';

const SECRET = [
  'phone',
  'phones',
  'text',
  'token',
  'secret',
  'authorization',
  'unionId',
  'welcomeCode',
  'Idempotency-Key',
];
/** `name` on the first level is the process's own. */
const NESTED = [...SECRET, 'name'];

/** Drivers quote values in their messages: anything as long as a phone number is cut out. */
const DIGITS = /\d{7,}/g;

/** A logger for one process. `destination` defaults to standard output. */
export function createLog(level: string, name: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    name,
    redact: {
      paths: [
        ...SECRET.map(quoted),
        ...NESTED.map((field) => `*${bracket(field)}`),
        ...NESTED.map((field) => `*.*${bracket(field)}`),
      ],
      censor: '[redacted]',
    },
    serializers: { err: scrubbed },
  };
  return destination ? pino(options, destination) : pino(options);
}

const bracket = (field: string): string => `["${field}"]`;
const quoted = (field: string): string => `["${field}"]`;

function scrubbed(error: Error): Record<string, unknown> {
  const { type, message, stack } = stdSerializers.err(error);
  return { type, message: message.replace(DIGITS, '#'), stack: stack.replace(DIGITS, '#') };
}
