import { z } from 'zod';
import { parseWith } from './parse';

const event = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('bill'), fen: z.int() }),
  z.strictObject({ type: z.literal('usage') }),
]);

test('a union told apart by one field names that field, what it holds and what it may hold', () => {
  const issuesOf = (value: unknown): unknown => {
    try {
      return parseWith(event, value, 'events[0]');
    } catch (error) {
      return (error as { readonly issues: unknown }).issues;
    }
  };
  expect(issuesOf({ type: 'fax' })).toEqual([
    {
      path: 'events[0].type',
      message: '"fax" is not allowed; allowed: bill, usage',
      value: '"fax"',
      allowed: 'bill, usage',
    },
  ]);
  expect(issuesOf({})).toEqual([
    { path: 'events[0].type', message: 'missing; allowed: bill, usage', allowed: 'bill, usage' },
  ]);
});
