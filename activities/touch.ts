// One touch, from the question to the verdict: decide, reserve, deliver, settle. Each step can be the last before a crash,
// and each finds what the one before it left behind.

import type { KeptTouch } from '../rules/contact';
import { CodedError } from '../rules/errors';
import { type Ask, askedTouch, judge, nowOf, rowOf } from './ask';
import type { TouchVerdict } from './contract';
import { deliver, followTasked, resume } from './deliver';
import { answerOfKept, answerOfRow } from './verdict';

/** Races lost before the touch is put back to Temporal's own retry. */
const MAX_RACES = 50;
const HOUR_MS = 3_600_000;

/**
 * Asks the gate and, on a pass, reserves, renders and delivers.
 * The same `(touchId, attempt)` asked again returns the answer it got, or goes on where a crash stopped it.
 */
export async function touch(ask: Ask): Promise<TouchVerdict> {
  const { deps, input } = ask;
  for (let race = 0; race < MAX_RACES; race++) {
    const contact = await deps.stores.contacts.find(input.contactId);
    if (!contact) throw new CodedError('NOT_FOUND', `contact ${input.contactId} does not exist`);

    const kept = contact.touches.find(({ touchId }) => touchId === input.touchId);
    if (kept?.state === 'reserved') return resume(ask, contact, kept);
    const known = await answered(ask, kept);
    if (known) return known;

    const at = nowOf(ask);
    const policy = await ask.published.policyFor(contact.city, at);
    const decision = await judge(ask, policy, contact, at);
    const row = rowOf(ask, decision, policy, contact, at);
    if (decision.verdict !== 'pass') return answerOfRow(await deps.stores.touches.record(row));

    const dropBefore = new Date(Date.parse(at) - policy.keepHours * HOUR_MS).toISOString();
    if (await deps.stores.touches.reserve(contact, row, dropBefore))
      return deliver(ask, contact, {
        ...askedTouch(input, at, contact.city),
        state: 'reserved',
        attempt: input.attempt,
      });
  }
  throw new CodedError('CONFLICT', `touch ${input.touchId} lost ${MAX_RACES} races for its contact`);
}

/** What this attempt was answered before, if it was. */
async function answered(ask: Ask, kept: KeptTouch | undefined): Promise<TouchVerdict | null> {
  const { deps, input } = ask;
  if (kept && (kept.state !== 'released' || kept.attempt >= input.attempt)) {
    if (kept.state === 'tasked') await followTasked(ask, kept);
    return answerOfKept(kept, input);
  }
  const row = await deps.stores.touches.decision(input.touchId, input.attempt, input.contactId);
  return row ? answerOfRow(row) : null;
}
