// Texts with Handlebars variables: rendered strictly, with an allow-list of helpers, and measured in bytes before anything is sent.

import Handlebars from 'handlebars';
import type { ChannelName, TouchClass } from './contact';
import { CodedError } from './errors';

export interface Template {
  readonly channel: ChannelName;
  readonly class: TouchClass;
  readonly text: string;
}

export type Variables = Readonly<Record<string, unknown>>;

/** Fen to yuan, as people write it: 1250 → 12.50, 3000 → 30. */
function yuan(fen: unknown): string {
  if (typeof fen !== 'number' || !Number.isFinite(fen)) throw missing('yuan', String(fen));
  return fen % 100 === 0 ? String(fen / 100) : (fen / 100).toFixed(2);
}

/** The value, or a fallback when it is absent or empty. */
const or = (value: unknown, fallback: unknown): unknown =>
  value === undefined || value === null || value === '' ? fallback : value;

const HELPERS = { yuan, or };
const BUILT_IN = { if: true, unless: true, each: true, with: true };
const MISSING = /"([^"]+)" not defined in/;

const handlebars = Handlebars.create();
for (const [name, helper] of Object.entries(HELPERS)) handlebars.registerHelper(name, helper);
for (const name of ['log', 'lookup', 'helperMissing', 'blockHelperMissing']) handlebars.unregisterHelper(name);

const missing = (name: string, message: string): CodedError =>
  new CodedError('TEMPLATE_VARIABLE_MISSING', `variable "${name}" is missing: ${message}`, [
    { path: name, message: 'missing' },
  ]);

const cache = new Map<string, Handlebars.TemplateDelegate>();

/**
 * Renders a text. Plain text, so nothing is escaped.
 * @param maxBytes longest result in bytes of UTF-8.
 * @throws CodedError TEMPLATE_VARIABLE_MISSING naming the variable, TEMPLATE_TOO_LONG naming both lengths, TEMPLATE_INVALID.
 */
export function render(text: string, variables: Variables, maxBytes: number): string {
  const rendered = fill(compile(text), variables);
  const bytes = new TextEncoder().encode(rendered).length;
  if (bytes > maxBytes)
    throw new CodedError('TEMPLATE_TOO_LONG', `the text has ${bytes} bytes, ${maxBytes} are allowed`, [
      { path: 'text', message: 'too long', value: bytes, allowed: `at most ${maxBytes} bytes of UTF-8` },
    ]);
  return rendered;
}

/** Refuses a text that cannot be compiled or calls a helper that is not allowed. */
export function checkTemplate(text: string): void {
  compile(text);
}

function compile(text: string): Handlebars.TemplateDelegate {
  const known = cache.get(text);
  if (known) return known;
  try {
    handlebars.precompile(text, {
      strict: true,
      knownHelpersOnly: true,
      knownHelpers: { ...BUILT_IN, yuan: true, or: true },
    });
  } catch (error) {
    throw new CodedError('TEMPLATE_INVALID', `the text is not a template: ${(error as Error).message}`, [
      {
        path: 'text',
        message: (error as Error).message,
        allowed: `variables and the helpers ${Object.keys({ ...BUILT_IN, ...HELPERS }).join(', ')}`,
      },
    ]);
  }
  const compiled = handlebars.compile(text, {
    strict: true,
    noEscape: true,
    knownHelpersOnly: true,
    knownHelpers: { ...BUILT_IN, yuan: true, or: true },
  });
  cache.set(text, compiled);
  return compiled;
}

function fill(compiled: Handlebars.TemplateDelegate, variables: Variables): string {
  try {
    return compiled(variables);
  } catch (error) {
    if (error instanceof CodedError) throw error;
    const name = MISSING.exec((error as Error).message)?.[1];
    if (name) throw missing(name, 'no value is known for this contact');
    throw new CodedError('TEMPLATE_INVALID', `the text could not be rendered: ${(error as Error).message}`, [], {
      cause: error,
    });
  }
}
