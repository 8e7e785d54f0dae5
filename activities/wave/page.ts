// The two activities of a wave: a page of its walk through the audience, and a pass over those who are due again.

import type { WaveContact } from '../../ports/waves';
import { type ChannelPace, slowestOf } from '../../rules/calendar/channelPace';
import { channelsOf } from '../../rules/calendar/fallback';
import { compilePlan } from '../../rules/calendar/plan';
import { type WaveInput, waveNumbers } from '../../rules/calendar/wave';
import { FEW_CONTACTS, MANY_CONTACTS } from '../../rules/calendar/wavePace';
import type { Contact } from '../../rules/contact/contact';
import { formatInstant } from '../../rules/time/instant';
import type { WaveStep } from '../contract';
import type { TouchContext } from '../touch/path';
import { ended } from './outcome';
import { startRuns } from './runs';
import { takeUp } from './takeUp';
import { lookAtTasks, takeBackTasks } from './tasks';
import { isAsItWas } from './underCalendar';
import { openWave, type WaveContext } from './wave';

/** Contacts that a store reads and writes at once. */
const PAGE = 500;
/** Candidates of one call: where few of them are due on the date, several reads make a page. */
const MOST_READ = 20 * PAGE;
/** No page is begun later in a call, in milliseconds: the call must end well before it is given up on. */
const CALL_MS = 60_000;

/** With which means. */
export interface WaveCall extends TouchContext {
  /** From which this call was handed out. */
  readonly taskQueue: string;
}

/** Takes in the next contacts of the audience, and touches those who are due at once. */
export async function wavePage(call: WaveCall, input: WaveInput): Promise<WaveStep> {
  const context = await openWave(call, input);
  const { wave, deps } = context;
  if (wave.state === 'cancelled') await cancelRest(context);
  if (wave.state !== 'running' || wave.isWalked || isElsewhere(context, call))
    return stepOf(context);

  const { due, walkedTo, isWalked } = await nextContacts(context);

  const { waves } = deps.stores;
  await waves.enrol(due);
  const ids = due.map(({ contactId }) => contactId);
  const now = formatInstant(deps.clock.now());
  const enrolled = await waves.findContacts(wave.waveId, ids);
  await begin(
    context,
    enrolled.filter(({ state, dueAt = '' }) => state === 'waiting' && dueAt <= now),
  );
  await waves.walked(wave.waveId, { ...(walkedTo !== undefined && { walkedTo }), isWalked });

  return stepOf(context);
}

/** Takes up whoever is due, and looks at open tasks, for as long as the call may last. */
export async function waveDuePage(call: WaveCall, input: WaveInput): Promise<WaveStep> {
  const context = await openWave(call, input);
  const { wave, deps } = context;
  const { waves } = deps.stores;
  if (['paused', 'held', 'missed'].includes(wave.state)) return stepOf(context);
  if (wave.state === 'cancelled') await cancelRest(context);
  if (isElsewhere(context, call)) return stepOf(context);

  const pace = paceOf(context);
  const begun = performance.now();
  do {
    const due = await waves.due(wave.waveId, formatInstant(deps.clock.now()), pageSize(context));
    if (due.length === 0) break;

    await lookAtTasks(
      context,
      due.filter(({ state }) => state === 'tasked'),
    );
    await begin(
      context,
      due.filter(({ state }) => state === 'waiting'),
    );
  } while (
    pace === undefined &&
    performance.now() - begun < CALL_MS &&
    (await isAsItWas(context, wave))
  );

  return stepOf(context);
}

/** That of its slowest channel; runs of a journey keep to no pace of the wave's. */
const paceOf = ({ deps, slot }: WaveContext): ChannelPace | undefined =>
  slot.delivery?.journey ? undefined : slowestOf(channelsOf(slot), deps.paces ?? NO_PACES);

const NO_PACES: ReadonlyMap<string, ChannelPace> = new Map();

const pageSize = (context: WaveContext): number => paceOf(context)?.pageSize ?? PAGE;

/** Nobody is touched by a call that did not come at the channel's pace; its answer says where the next one has to come from. */
function isElsewhere(context: WaveContext, { taskQueue }: WaveCall): boolean {
  const pace = paceOf(context);
  return pace !== undefined && pace.queue !== taskQueue;
}

const begin = (context: WaveContext, contacts: readonly WaveContact[]): Promise<void> =>
  context.slot.delivery?.journey ? startRuns(context, contacts) : takeUp(context, contacts);

/** Those of the audience who are due on the date, from where the walk stands. */
async function nextContacts(context: WaveContext) {
  const { deps, wave, slot, plan } = context;
  const scope = plan.cities && { cities: plan.cities };
  const enrolmentOf = enrolments(context);
  const due: WaveContact[] = [];
  const most = pageSize(context);
  let { walkedTo } = wave;

  for (let read = 0; read < MOST_READ; read += PAGE) {
    const after = walkedTo ?? null;
    const found = await deps.stores.contacts.candidates(slot.audience ?? {}, after, PAGE, scope);

    for (const contact of found) {
      if (due.length === most) return { due, walkedTo, isWalked: false };
      walkedTo = contact.contactId;
      due.push(...enrolmentOf(contact));
    }
    if (found.length < PAGE) return { due, walkedTo, isWalked: true };
  }

  return { due, walkedTo, isWalked: false };
}

/** How contacts come into the wave: none who is not due on its date. */
function enrolments({ deps, wave, plan, slot, tables }: WaveContext) {
  const { date, waveId } = wave;
  const { channel } = slot.touch;
  const at = formatInstant(deps.clock.now());
  const compiled = compilePlan(plan, tables, date, date).find((each) => each.slot.id === slot.id);

  return (contact: Contact): WaveContact[] => {
    const [first] = compiled?.datesOf(contact) ?? [];
    if (!first) return [];

    const { contactId, city } = contact;
    const plannedAt = formatInstant(first.at);
    const begun = { state: 'waiting', attempt: 1, revision: 1 } as const;
    return [{ waveId, contactId, city, plannedAt, dueAt: plannedAt, channel, at, ...begun }];
  };
}

/** Nobody else is touched, and open tasks are taken back. */
async function cancelRest(context: WaveContext): Promise<void> {
  const { wave, deps } = context;
  const { waves } = deps.stores;

  for (let after: string | undefined; ; ) {
    const rest = await waves.contacts(wave.waveId, { ...(after && { after }), limit: PAGE });
    after = rest.at(-1)?.contactId;
    if (after === undefined) return;

    const now = deps.clock.now();
    const why = { reason: 'cancelled' };
    await waves.keep(
      rest
        .filter(({ state }) => state === 'waiting')
        .map((contact) => ended({ contact, now }, 'suppressed', why)),
    );
    await takeBackTasks(
      context,
      rest.filter(({ state, reason }) => state === 'tasked' && reason !== 'cancelled'),
      'cancelled',
    );
  }
}

/** Nobody waits. Somebody who is to be touched again meanwhile has it go on; answers when, for whoever says so finds it running. */
async function endIfWalked({ wave: { waveId }, deps }: WaveContext): Promise<string | null> {
  const { waves } = deps.stores;
  const isWalked = (await waves.find(waveId))?.isWalked ?? true;
  if (!isWalked) return null;

  const at = formatInstant(deps.clock.now());
  const hasEnded = await waves.move(waveId, ['running'], 'ended', at);
  const next = await waves.nextDue(waveId);
  if (hasEnded && next !== null) await waves.move(waveId, ['ended'], 'running', at);
  return next;
}

/** Where the wave stands now; one that has nobody left to wait for has ended. */
async function stepOf(context: WaveContext): Promise<WaveStep> {
  const { wave, deps } = context;
  const { waveId, cities } = wave;
  const { waves } = deps.stores;
  const pace = paceOf(context);
  const next = (await waves.nextDue(waveId)) ?? (await endIfWalked(context));
  const { state = 'ended', isWalked = true } = (await waves.find(waveId)) ?? {};
  const numbers = waveNumbers(await waves.numbers([waveId]));
  const isMany = numbers.waiting > FEW_CONTACTS;
  const many = isMany ? await waves.nextDue(waveId, MANY_CONTACTS) : null;
  const [city, ...others] = cities ?? [];

  return {
    state: state === 'held' ? 'paused' : state,
    isWalked,
    ...(next !== null && { next }),
    ...(many !== null && { many }),
    ...(pace && { queue: pace.queue }),
    ...(city !== undefined && others.length === 0 && { city }),
    numbers,
  };
}
