// Contacts of a wave that are due are touched, a page at a time, and what comes of it is kept. Safe to repeat: a contact that was
// asked before a crash is asked as the same attempt of the same touch, and gets the same answer.

import type { WaveContact } from '../../ports/waves';
import { isCodedError } from '../../rules/base/errors';
import { failureCode, isFinalFailure } from '../failures';
import { touchMany } from '../touch/page';
import type { TouchEnd } from '../touch/path';
import { giveWay } from './giveWay';
import { afterDelay, afterFailure, afterVerdict, ended } from './outcome';
import { rerouted } from './reroute';
import { reviewOpen } from './tasks';
import { requestOf, type WaveContext } from './wave';

/** At most as many as a store reads and writes at once. */
export async function takeUp(
  context: WaveContext,
  contacts: readonly WaveContact[],
): Promise<void> {
  if (contacts.length === 0) return;

  const { stores } = context.deps;
  const ends = await touchMany(
    { ...asExecutionOf(context, contacts), givesWay: await giveWay(context) },
    contacts.map((contact) => requestOf(context, contact)),
  );
  const answered = contacts.flatMap((contact, i) => {
    const end = ends[i];
    return end ? [afterEnd(context, contact, end)] : [];
  });
  const next = await rerouted(context, answered);
  await stores.waves.keep(next);

  // What was said of a customer while the touch was handed over reached nobody: it was no open task yet.
  await reviewOpen(
    context,
    next.filter(({ state }) => state === 'tasked'),
  );
}

/** Attempts that were asked before go on as a further execution. */
function asExecutionOf(context: WaveContext, contacts: readonly WaveContact[]): WaveContext {
  const { execution } = context;
  const isRepeat = execution.isRepeat || contacts.some(({ isAsked }) => isAsked === true);
  return { ...context, execution: { isRepeat, isOver: () => execution.isOver() } };
}

function afterEnd({ slot, deps }: WaveContext, contact: WaveContact, end: TouchEnd): WaveContact {
  const answered = { contact, slot, now: deps.clock.now() };
  if ('verdict' in end) return afterVerdict(answered, end.verdict);

  const { failure } = end;
  if (isCodedError(failure) && failure.code === 'NOT_FOUND')
    return ended(answered, 'suppressed', { reason: 'unknown-contact' });

  // Overtaken, too: whoever has taken over says what becomes of it, or has died, and the next try is a further execution.
  const code = failureCode(failure);
  return isFinalFailure(failure) ? afterFailure(answered, code) : afterDelay(answered, code);
}
