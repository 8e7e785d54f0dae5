// The path of touches, from the question to the verdict, a page of contacts at a time: one read, pure decisions, one conditional
// write, one delivery batch. Each step can be the last before a crash, and each finds what the one before it left behind.

import { CodedError } from '../../rules/base/errors';
import { answerAgain } from './answerAgain';
import type { TouchRequest } from './asked';
import { decideTouches } from './decide';
import { deliver } from './deliver';
import { load } from './load';
import type { ClosedTouch, OpenTouch, TouchContext, TouchEnd } from './path';
import { recordDecisions } from './record';
import { reserve } from './reserve';
import { resume } from './resume';
import { settle } from './settle';
import { withTextsInForce } from './textInForce';

/** Races lost before a touch is put back to Temporal's own retry. */
const MAX_RACES = 50;

/** The steps of a touch, by name: each takes what the one before returned. A test may crash between any two of them. */
export const STEPS = {
  load,
  answerAgain,
  resume,
  decide: decideTouches,
  record: recordDecisions,
  reserve,
  deliver,
  settle,
};
export type Steps = typeof STEPS;

/**
 * Asks the gate for each touch and, on a pass, reserves, renders and delivers; answers in the order of the requests.
 * The same `(touchId, attempt)` asked again returns the answer it got, or goes on where a crash stopped it.
 */
export async function touchMany(
  context: TouchContext,
  requests: readonly TouchRequest[],
  steps: Steps = STEPS,
): Promise<readonly TouchEnd[]> {
  const outcomes = new Map<number, TouchEnd>();
  const asked = await withTextsInForce(context.published, requests);
  let open = await openTouches(context, asked);

  for (let race = 0; open.length > 0 && race < MAX_RACES + requests.length; race++) {
    const closed = await takeTurn(context, steps, firstOfEachContact(open));
    for (const { place, ...outcome } of closed) outcomes.set(place, outcome);
    open = open.filter(({ place }) => !outcomes.has(place));
  }

  return requests.map((asked, place) => outcomes.get(place) ?? { failure: lostRaces(asked) });
}

/** An execution that follows another one takes fences first, so that nothing the other still does counts. */
async function openTouches(
  { deps, execution }: TouchContext,
  requests: readonly TouchRequest[],
): Promise<readonly OpenTouch[]> {
  if (!execution.isRepeat) return requests.map((asked, place) => ({ place, asked, fence: 0 }));

  const contacts = await deps.stores.contacts.findKept(requests.map(({ contactId }) => contactId));
  const known = new Set(contacts.map(({ contactId }) => contactId));
  const fenced = requests.filter(({ contactId }) => known.has(contactId));
  const fences = await deps.stores.touches.fenceMany(fenced);
  const fenceOf = new Map(fenced.map((asked, i) => [asked, fences[i]]));

  return requests.map((asked, place) => ({ place, asked, fence: fenceOf.get(asked) ?? 0 }));
}

/** One touch of a contact at a time: each is decided on what the one before it left. */
function firstOfEachContact(open: readonly OpenTouch[]): readonly OpenTouch[] {
  const first = new Map(open.toReversed().map((touch) => [touch.asked.contactId, touch]));
  return open.filter((touch) => first.get(touch.asked.contactId) === touch);
}

const lostRaces = ({ touchId }: TouchRequest): CodedError =>
  new CodedError('CONFLICT', `touch ${touchId} lost ${MAX_RACES} races for its contact`);

/** One try for each touch. Those that lost a race for their contact are not closed, and take part in the next turn. */
async function takeTurn(
  context: TouchContext,
  steps: Steps,
  turn: readonly OpenTouch[],
): Promise<readonly ClosedTouch[]> {
  const loaded = await steps.load(context, turn);
  const repeated = await steps.answerAgain(context, loaded.finished);
  const resumed = await steps.resume(context, loaded.reserved); // a crash lies between: the channel is asked first

  const decided = await steps.decide(context, loaded.fresh);
  const recorded = await steps.record(context, decided.stopped);

  const reserved = await steps.reserve(context, decided.passed); // who lost the race stays open
  const delivered = await steps.deliver(context, reserved);
  const settled = await steps.settle(context, delivered.answered);

  return [
    ...loaded.closed,
    ...repeated,
    ...resumed,
    ...decided.closed,
    ...recorded,
    ...delivered.closed,
    ...settled,
  ];
}
