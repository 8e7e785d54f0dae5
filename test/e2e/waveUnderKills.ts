// A wave over many customers, from the file to the last of them, while servers and workers are killed in the middle of it; then
// what customers received is held against the wave and the ledger.

import { setTimeout as delay } from 'node:timers/promises';
import { waveId as idOfWave } from '../../rules/calendar/wave';
import { MINUTE_MS } from '../../rules/time/durations';
import { formatInstant } from '../../rules/time/instant';
import { localDate } from '../../rules/time/localDate';
import { demoCustomers, loadDemo } from './demoCustomers';
import { createReach, type Reach, until } from './reach';

export interface WaveProduct extends Reach {
  /** Base URLs. */
  readonly api: string;
  readonly sandbox: string;
  /** Kills a server and a worker, and has them back. */
  strike(): Promise<void>;
}

interface Asked {
  readonly contacts: number;
  /** How often a server and a worker are killed, each time when another share of the wave has come to its end. */
  readonly kills: number;
  readonly log: (line: string) => void;
}

export interface WaveUnderKills {
  readonly waveId: string;
  /** Contacts of the wave by their state. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly kills: number;
  /** Messages of the wave, as the sandbox's book has them. */
  readonly received: number;
  readonly receivedTwice: number;
  /** Sent by the wave's account, and not in the book. */
  readonly lost: number;
  readonly ledgerRows: number;
  readonly violations: number;
  /** From the first contact that was due to the last that came to its end. */
  readonly seconds: number;
}

const ZONE = 'Asia/Shanghai';
const SPREAD_MINUTES = 2;
const END_MS = 20 * MINUTE_MS;
const ARRIVAL_MS = MINUTE_MS;
const TEMPLATE = 'plan-upsell';

interface Shown {
  readonly state: string;
  readonly numbers: Readonly<Record<string, number>>;
}

export async function waveUnderKills(product: WaveProduct, asked: Asked): Promise<WaveUnderKills> {
  const { contacts, log } = asked;
  await loadDemo(product, demoCustomers(contacts));
  const waveId = await putInForce(product);
  log(`${contacts} customers are loaded, and ${waveId} is about to begin`);

  await until(waveId, () => shown(product, waveId), 3 * MINUTE_MS);
  const began = Date.now();
  const kills = await strikeAsItGoes(product, waveId, asked);
  const { numbers } = await until(
    'the end of the wave',
    async () => {
      const wave = await shown(product, waveId);
      return wave.state === 'ended' && wave;
    },
    END_MS,
  );
  const seconds = Math.round((Date.now() - began) / 1000);

  return { waveId, numbers, kills, seconds, ...(await compared(product, waveId)) };
}

/** Drafted by one, approved by another; due within two minutes. */
async function putInForce(product: WaveProduct): Promise<string> {
  const at = formatInstant(Math.ceil(Date.now() / MINUTE_MS + 1) * MINUTE_MS);
  const date = localDate(at, ZONE);
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, timeStyle: 'short' });
  const slot = {
    ...{ id: 'offer', anchor: { kind: 'date', date }, at: time.format(new Date(at)) },
    ...{ spreadMinutes: SPREAD_MINUTES, expiresAfterHours: 2 },
    touch: {
      ...{ channel: 'sms', class: 'marketing', category: 'plan-upsell', campaign: 'k-58' },
      ...{ product: 'p-58', template: TEMPLATE },
    },
  };
  const calendar = { id: 'killed', body: { timezone: ZONE, slots: [slot] } };
  const { body } = await product.ask('POST', '/api/v1/calendars', calendar);
  const { version } = body as { version: number };

  const key = { name: 'reviewer', role: 'designer' };
  const { secret } = (await product.ask('POST', '/api/v1/keys', key)).body as { secret: string };
  const reviewer = createReach(product.api, product.sandbox, secret);
  const path = `/api/v1/calendars/killed/versions/${version}:approve`;
  await reviewer.ask('POST', path, { reason: 'a trial' });

  return idOfWave({ calendarId: 'killed', slotId: 'offer', date });
}

async function shown(product: Reach, waveId: string): Promise<Shown> {
  const { body } = await product.ask('GET', `/api/v1/waves/${encodeURIComponent(waveId)}`);
  return body as Shown;
}

async function strikeAsItGoes(
  product: WaveProduct,
  waveId: string,
  { contacts, kills, log }: Asked,
): Promise<number> {
  for (let done = 0; done < kills; done++) {
    const share = (done + 0.5) / (kills + 1);
    const settled = await until(
      `${Math.round(share * 100)} of 100 contacts`,
      async () => {
        const { numbers, state } = await shown(product, waveId);
        const ended = contactsIn(numbers) - (numbers.waiting ?? 0) - (numbers.tasked ?? 0);
        return (state === 'ended' || ended >= share * contacts) && { ended, state };
      },
      END_MS,
    );
    if (settled.state === 'ended') return done;

    log(`${settled.ended} of ${contacts} have come to their end: a server and a worker are killed`);
    await product.strike();
  }
  return kills;
}

const contactsIn = (numbers: Shown['numbers']): number =>
  Object.values(numbers).reduce((sum, count) => sum + count, 0);

async function compared(product: WaveProduct, waveId: string) {
  const sent = await contactsSent(product, waveId);
  const received = await receivedOf(product, sent.length);
  const reached = new Set(received);
  const summary = (await product.check()).at(-1)?.summary as
    | { readonly rows: number; readonly violations: number }
    | undefined;
  if (!summary) throw new Error('the check ended without a summary');

  return {
    received: received.length,
    receivedTwice: received.length - reached.size,
    lost: sent.filter((contactId) => !reached.has(contactId)).length,
    ledgerRows: summary.rows,
    violations: summary.violations,
  };
}

/** What was taken reaches the customer a little later. */
async function receivedOf(product: Reach, sent: number): Promise<readonly string[]> {
  const end = Date.now() + ARRIVAL_MS;

  for (;;) {
    const received = (await product.book())
      .filter(({ channel, text }) => channel === 'sms' && text.includes(TEMPLATE))
      .map(({ contactId }) => contactId);
    if (received.length >= sent || Date.now() > end) return received;
    await delay(1_000);
  }
}

async function contactsSent(product: Reach, waveId: string): Promise<readonly string[]> {
  const sent: string[] = [];
  const path = `/api/v1/waves/${encodeURIComponent(waveId)}/contacts?state=sent&limit=500`;

  for (let after: string | null = ''; after !== null; ) {
    const { body } = await product.ask('GET', `${path}${after && `&after=${after}`}`);
    const { items, next } = body as { items: { contactId: string }[]; next: string | null };
    sent.push(...items.map(({ contactId }) => contactId));
    after = next;
  }
  return sent;
}
