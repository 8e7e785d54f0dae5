// Structured logs for both roots, with what is personal or secret taken out before a line is written.

import { inspect } from 'node:util';
import { isNativeError } from 'node:util/types';
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

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error';
type Fields = Readonly<Record<string | symbol, unknown>>;

/** The log as the worker's SDK writes to it: its records become lines like all others, and its errors pass the same scrubbing. */
export function sdkLog(log: Logger) {
  const write =
    (level: Level) =>
    (message: string, { error, ...fields }: Fields = {}): void => {
      log[level]({ ...fields, ...(error !== undefined && { err: errorOf(error) }) }, message);
    };

  const byLevel = {
    trace: write('trace'),
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  };

  return {
    ...byLevel,
    log: (level: Uppercase<Level>, message: string, fields?: Fields) =>
      byLevel[level.toLowerCase() as Level](message, fields),
  };
}

/** An error of the workflow sandbox is no instance of our `Error`, and pino would take it for plain data. */
const errorOf = (error: unknown): Error =>
  isNativeError(error) ? error : new Error(inspect(error));

const bracket = (field: string): string => `["${field}"]`;
const quoted = (field: string): string => `["${field}"]`;

function scrubbed(error: Error): Record<string, unknown> {
  const { type, message, stack } = stdSerializers.err(error);
  return { type, message: message.replace(DIGITS, '#'), stack: stack.replace(DIGITS, '#') };
}
