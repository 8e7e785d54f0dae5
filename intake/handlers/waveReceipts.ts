// What receipts say of the texts of a wave, which has taken them for sent: its account is put right, and who was not reached is
// touched on the slot's next channel.

import type { Engine } from '../../ports/engine';
import type { WaveContact, WaveRecord } from '../../ports/waves';
import { waveTouchId } from '../../rules/base/ids';
import { expiryOf } from '../../rules/calendar/agenda';
import { nextChannelOf } from '../../rules/calendar/fallback';
import type { KeptTouch } from '../../rules/contact/contact';
import { parseSettlementReason } from '../../rules/contact/settlementReason';
import { MINUTE_MS } from '../../rules/time/durations';
import { formatInstant } from '../../rules/time/instant';
import type { IntakeDeps } from '../deps';

type WaveDeps = Pick<IntakeDeps, 'stores' | 'clock'> & {
  readonly engine: Pick<Engine, 'wakeWave'>;
};

/** Those who were not reached are taken up together, for a look at them costs a wave some twenty events of history. */
const TOGETHER_MS = 15 * MINUTE_MS;

/** The touch as it is after a receipt. Repeats change nothing, and wake the wave again. */
export async function correctWave(deps: WaveDeps, waveId: string, touch: KeptTouch): Promise<void> {
  const { waves } = deps.stores;
  const wave = await waves.find(waveId);
  if (!wave || (touch.state !== 'sent' && touch.state !== 'released')) return;

  for (;;) {
    const [before] = await waves.findContacts(waveId, [contactOf(wave, touch)]);
    if (before && isFollowed(before, touch)) return goOn(deps, wave);

    const after = before && (await corrected(deps, wave, before, touch));
    if (!after) return;

    const next = await waves.nextDue(waveId);
    await waves.keep([after]);
    // The wave itself may have been faster.
    if (!(await isKept(deps, after))) continue;
    if (!isFollowed(after, touch)) return;
    // It looks at somebody by then, or was woken for him.
    if (next !== null && after.dueAt !== undefined && next <= after.dueAt) return;
    return goOn(deps, wave);
  }
}

/** A contact that went into another one keeps its place in the wave. */
function contactOf({ calendarId, slotId, date }: WaveRecord, { touchId }: KeptTouch): string {
  const [contactId = ''] = touchId
    .slice(waveTouchId(calendarId, slotId, date, '').length)
    .split('/');
  return contactId;
}

/** Whoever was not reached is to be touched on another channel. */
const isFollowed = (contact: WaveContact, touch: KeptTouch): boolean =>
  touch.state === 'released' &&
  contact.channel !== touch.channel &&
  contact.state === 'waiting' &&
  contact.reason === 'sms';

/** Undefined: the account is right. */
async function corrected(
  deps: WaveDeps,
  wave: WaveRecord,
  contact: WaveContact,
  touch: KeptTouch,
): Promise<WaveContact | undefined> {
  if (contact.channel !== touch.channel || contact.attempt !== touch.attempt) return undefined;

  const at = formatInstant(deps.clock.now());
  if (touch.state === 'sent')
    return contact.state === 'failed' && contact.reason === 'sms'
      ? moved(contact, { state: 'sent', at })
      : undefined;

  // Whoever hands it over has not kept its answer yet: he must not, and the same attempt is asked again, which says how it ended.
  if (contact.state === 'waiting')
    return { ...contact, isAsked: true, revision: contact.revision + 1 };

  if (contact.state !== 'sent') return undefined;
  return (await onNextChannel(deps, wave, contact, at)) ?? failed(contact, touch, at);
}

function failed(contact: WaveContact, { why = '' }: KeptTouch, at: string): WaveContact {
  const reason = parseSettlementReason(why);
  const rule = reason.kind === 'sms' ? reason.code : why;
  return moved(contact, { state: 'failed', at, reason: 'sms', rule });
}

async function onNextChannel(
  { stores, clock }: WaveDeps,
  { calendarId, calendarVersion, slotId, state }: WaveRecord,
  contact: WaveContact,
  at: string,
): Promise<WaveContact | undefined> {
  if (state === 'cancelled') return undefined;

  const found = await stores.calendars.find(calendarId, calendarVersion);
  const slot = found?.body.slots.find(({ id }) => id === slotId);
  if (!slot) return undefined;

  const channel = nextChannelOf(slot, contact.channel);
  const due = Math.ceil(clock.now() / TOGETHER_MS) * TOGETHER_MS;
  if (channel === undefined || due >= expiryOf(slot, Date.parse(contact.plannedAt)))
    return undefined;

  const dueAt = formatInstant(due);
  return moved(contact, { state: 'waiting', at, reason: 'sms', channel, attempt: 1, dueAt });
}

function moved(contact: WaveContact, change: Partial<WaveContact>): WaveContact {
  const { dueAt: _, isAsked: __, reason: ___, rule: ____, ...rest } = contact;
  return { ...rest, ...change, revision: contact.revision + 1 };
}

async function isKept({ stores }: WaveDeps, after: WaveContact): Promise<boolean> {
  const [now] = await stores.waves.findContacts(after.waveId, [after.contactId]);
  const { state, channel, revision } = now ?? {};
  return state === after.state && channel === after.channel && revision === after.revision;
}

/** One that had ended, too. */
async function goOn({ stores, engine, clock }: WaveDeps, wave: WaveRecord): Promise<void> {
  const { waveId, calendarId, calendarVersion, slotId, date } = wave;
  await stores.waves.move(waveId, ['ended'], 'running', formatInstant(clock.now()));
  await engine.wakeWave({ version: 1, calendarId, calendarVersion, slotId, date });
}
