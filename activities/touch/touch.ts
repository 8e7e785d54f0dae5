// Touches as journeys and waves ask for them: one, or a page. Both go the same way (page.ts).

import { CodedError, isCodedError } from '../../rules/base/errors';
import type { TouchPageInput, TouchVerdict } from '../contract';
import { isFinalFailure } from '../failures';
import type { Ask, Desk } from './ask';
import type { Ended } from './entry';
import { touchMany } from './page';

/** Contacts of one call: what a store reads and writes at once. */
const MAX_PAGE = 500;

/** One touch; see `touchMany`. */
export async function touch(ask: Ask): Promise<TouchVerdict> {
  const [ended] = await touchMany(ask, [ask.input]);
  if (!ended || 'failure' in ended) throw ended?.failure;
  return ended.verdict;
}

/**
 * A page of touches, answered in their order. What failed for now, such as a channel that asks to wait, fails the call once
 * everything else is done: the same page asked again gives the same answers and goes on with the rest.
 */
export async function touchPage(desk: Desk, { touches }: TouchPageInput): Promise<TouchVerdict[]> {
  if (touches.length > MAX_PAGE)
    throw new CodedError(
      'INVALID_INPUT',
      `a page of ${touches.length} touches; allowed: at most ${MAX_PAGE}`,
      [
        {
          path: 'touches',
          message: 'too many',
          value: touches.length,
          allowed: `at most ${MAX_PAGE}`,
        },
      ],
    );
  const ended = (await touchMany(desk, touches)).map(withoutStrangers);
  const failures = ended.flatMap((each) => ('failure' in each ? [each.failure] : []));
  // One that may pass goes first: as long as there is any, the page is worth asking again.
  if (failures.length > 0)
    throw failures.find((failure) => !isFinalFailure(failure)) ?? failures[0];
  return ended.flatMap((each) => ('verdict' in each ? [each.verdict] : []));
}

/** A contact that left since the audience was read holds up nobody else. */
function withoutStrangers(ended: Ended): Ended {
  const isStranger =
    'failure' in ended && isCodedError(ended.failure) && ended.failure.code === 'NOT_FOUND';
  return isStranger ? { verdict: { verdict: 'suppressed', reason: 'unknown-contact' } } : ended;
}
