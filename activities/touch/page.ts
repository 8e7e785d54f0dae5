// The path of touches, from the question to the verdict, a page of contacts at a time: one read, pure decisions, one conditional
// write, one delivery batch. Each step can be the last before a crash, and each finds what the one before it left behind.

import { CodedError } from '../../rules/base/errors';
import type { KeptTouch } from '../../rules/contact/contact';
import type { TouchInput } from '../contract';
import type { PolicyInForce, PublishedVersions } from '../published';
import { askedTouch, type Desk, decisionRowFor, judge, nowOf } from './ask';
import { deliver, followTasked, resumeTouches } from './deliver';
import type { Ended, Endings, Entry, Held, Judged, Known } from './entry';
import { giveUnitsBack, limitsInForce, withinQuotas } from './quota';
import { answerOfKept, answerOfRow } from './verdict';

/** Races lost before a touch is put back to Temporal's own retry. */
const MAX_RACES = 50;
const HOUR_MS = 3_600_000;

/**
 * Asks the gate for each touch and, on a pass, reserves, renders and delivers; answers in the order of the inputs.
 * The same `(touchId, attempt)` asked again returns the answer it got, or goes on where a crash stopped it.
 */
export async function touchMany(
  desk: Desk,
  inputs: readonly TouchInput[],
): Promise<readonly Ended[]> {
  const endings: Endings = new Map();
  const entries = inputs.map((input, place): Entry => ({ place, ask: { ...desk, input } }));
  let open: readonly Entry[] = entries;
  for (let race = 0; open.length > 0 && race < MAX_RACES + inputs.length; race++) {
    await takeTurn(desk, firstOfEach(open), endings);
    open = open.filter(({ place }) => !endings.has(place));
  }
  return entries.map(({ place, ask }) => endings.get(place) ?? { failure: lostRaces(ask.input) });
}

/** One touch of a contact at a time: each is decided on what the one before it left. */
function firstOfEach(open: readonly Entry[]): readonly Entry[] {
  const places = new Map(open.toReversed().map(({ ask, place }) => [ask.input.contactId, place]));
  return open.filter(({ ask, place }) => places.get(ask.input.contactId) === place);
}

const lostRaces = ({ touchId }: TouchInput): CodedError =>
  new CodedError('CONFLICT', `touch ${touchId} lost ${MAX_RACES} races for its contact`);

/** One try for each touch. Those that lost a race for their contact get no ending. */
async function takeTurn(desk: Desk, turn: readonly Entry[], endings: Endings): Promise<void> {
  const read = await desk.deps.stores.contacts.findMany(turn.map(({ ask }) => ask.input.contactId));
  const contacts = new Map(read.map((contact) => [contact.contactId, contact]));
  const found: Held[] = [];
  const over: Held[] = [];
  const fresh: Known[] = [];
  for (const entry of turn) {
    const { touchId, contactId, attempt } = entry.ask.input;
    const contact = contacts.get(contactId);
    if (!contact) {
      endings.set(entry.place, {
        failure: new CodedError('NOT_FOUND', `contact ${contactId} does not exist`),
      });
      continue;
    }
    const kept = contact.touches.find((touch) => touch.touchId === touchId);
    if (!kept || (kept.state === 'released' && kept.attempt < attempt))
      fresh.push({ ...entry, contact, kept });
    else if (kept.state === 'reserved') found.push({ ...entry, contact, kept });
    else over.push({ ...entry, contact, kept });
  }
  await followTasked(
    desk,
    over.filter(({ kept }) => kept.state === 'tasked'),
  );
  for (const { place, ask, kept } of over)
    endings.set(place, { verdict: answerOfKept(kept, ask.input) });
  await resumeTouches(desk, found, endings);
  await decideOn(desk, fresh, endings);
}

async function decideOn(desk: Desk, fresh: readonly Known[], endings: Endings): Promise<void> {
  if (fresh.length === 0) return;
  const { touches } = desk.deps.stores;
  const limits = await limitsInForce(desk);
  const rows = await touches.decisionMany(fresh.map(({ ask }) => ask.input));
  const answered = fresh.flatMap((entry, i) => (rows[i] ? [{ ...entry, row: rows[i] }] : []));
  for (const { place, row } of answered) endings.set(place, { verdict: answerOfRow(row) });
  const refused = answered.filter(({ row }) => row.verdict !== 'pass').map(({ ask }) => ask);
  if (limits) await giveUnitsBack(desk, refused); // the crash may have come between the row and this

  const at = nowOf(desk);
  const judged = await judgeAll(
    desk,
    fresh.filter((_, i) => !rows[i]),
    at,
    endings,
  );
  const allowed = judged.filter(({ decision }) => decision.verdict === 'pass');
  const units = limits ? await withinQuotas(desk, limits, allowed, at) : allowed;
  const passed = units.filter(({ decision }) => decision.verdict === 'pass');
  const stopped = [...judged, ...units].filter(({ decision }) => decision.verdict !== 'pass');

  await record(desk, stopped, at, limits !== null, endings);
  await reserve(desk, passed, at, endings);
}

/** A page is asked at one instant, so each city's policy is read once. */
function policiesAt(
  published: PublishedVersions,
  at: string,
): (city: string) => Promise<PolicyInForce> {
  const known = new Map<string, Promise<PolicyInForce>>();
  return (city) => {
    const policy = known.get(city) ?? published.policyFor(city, at);
    known.set(city, policy);
    return policy;
  };
}

async function judgeAll(
  desk: Desk,
  fresh: readonly Known[],
  at: string,
  endings: Endings,
): Promise<Judged[]> {
  const policyOf = policiesAt(desk.published, at);
  const judged: Judged[] = [];
  for (const entry of fresh) {
    const policy = await policyOf(entry.contact.city);
    try {
      judged.push({
        ...entry,
        policy,
        decision: await judge(entry.ask, policy, entry.contact, at),
      });
    } catch (failure) {
      endings.set(entry.place, { failure });
    }
  }
  return judged;
}

/** Writes the rows of touches that reserve nothing. */
async function record(
  desk: Desk,
  stopped: readonly Judged[],
  at: string,
  limited: boolean,
  endings: Endings,
): Promise<void> {
  if (stopped.length === 0) return;
  const { touches } = desk.deps.stores;
  const rows = await touches.recordMany(
    stopped.map(({ ask, decision, policy, contact }) =>
      decisionRowFor(ask, decision, policy, contact, at),
    ),
  );
  // A rival execution of the same attempt may have reserved it, and keeps its units.
  if (limited)
    await giveUnitsBack(
      desk,
      stopped.filter((_, i) => rows[i]?.verdict !== 'pass').map(({ ask }) => ask),
    );
  stopped.forEach(({ place }, i) => {
    const row = rows[i];
    if (row) endings.set(place, { verdict: answerOfRow(row) });
  });
}

/** Reserves what passed, and delivers what could be reserved. */
async function reserve(
  desk: Desk,
  passed: readonly Judged[],
  at: string,
  endings: Endings,
): Promise<void> {
  if (passed.length === 0) return;
  const reservations = passed.map(({ ask, decision, policy, contact }) => ({
    contact,
    row: decisionRowFor(ask, decision, policy, contact, at),
    dropBefore: new Date(Date.parse(at) - policy.keepHours * HOUR_MS).toISOString(),
  }));
  const won = await desk.deps.stores.touches.reserveMany(reservations);
  const held = passed.flatMap((entry, i): Held[] => {
    const { attempt } = entry.ask.input;
    const settleBy = reservations[i]?.row.settleBy;
    const kept: KeptTouch = {
      ...askedTouch(entry.ask.input, at, entry.contact.city),
      state: 'reserved',
      attempt,
      ...(settleBy !== undefined && { settleBy }),
    };
    return won[i] ? [{ ...entry, kept }] : [];
  });
  await deliver(desk, held, endings);
}
