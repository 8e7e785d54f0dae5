// Touches as journeys and waves ask for them: one, or a page. Both go the same way (page.ts).

import { CodedError, isCodedError } from '../../rules/base/errors';
import type { TouchInput, TouchPageInput, TouchVerdict } from '../contract';
import type { CallingRun } from '../deps';
import { isFinalFailure } from '../failures';
import { requestOfJourney } from './asked';
import { touchMany } from './page';
import type { TouchContext, TouchEnd } from './path';

/** Contacts of one call: what a store reads and writes at once. */
const MAX_PAGE = 500;

/** With which means, and for which run. */
interface RunContext extends TouchContext {
  readonly caller: CallingRun;
}

/** One touch, as a run asks for it. */
export interface TouchCall extends RunContext {
  readonly input: TouchInput;
}

/** A page of one; see `touchMany`. */
export async function touch({ input, caller, ...context }: TouchCall): Promise<TouchVerdict> {
  const [outcome] = await touchMany(context, [requestOfJourney(input, caller)]);
  if (!outcome || 'failure' in outcome) throw outcome?.failure;
  return outcome.verdict;
}

/**
 * A page of touches, answered in their order. What failed for now, such as a channel that asks to wait, fails the call once
 * everything else is done: the same page asked again gives the same answers and goes on with the rest.
 */
export async function touchPage(
  { caller, ...context }: RunContext,
  { touches }: TouchPageInput,
): Promise<TouchVerdict[]> {
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

  const outcomes = (
    await touchMany(
      context,
      touches.map((input) => requestOfJourney(input, caller)),
    )
  ).map(withoutStrangers);
  const failures = outcomes.flatMap((each) => ('failure' in each ? [each.failure] : []));
  // One that may pass goes first: as long as there is any, the page is worth asking again.
  if (failures.length > 0)
    throw failures.find((failure) => !isFinalFailure(failure)) ?? failures[0];

  return outcomes.flatMap((each) => ('verdict' in each ? [each.verdict] : []));
}

/** A contact that left since the audience was read holds up nobody else. */
function withoutStrangers(outcome: TouchEnd): TouchEnd {
  const isStranger =
    'failure' in outcome && isCodedError(outcome.failure) && outcome.failure.code === 'NOT_FOUND';
  return isStranger ? { verdict: { verdict: 'suppressed', reason: 'unknown-contact' } } : outcome;
}
