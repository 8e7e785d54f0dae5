// Events through the whole product: HTTP, inbox, handled. First at a steady pace, then as fast as it takes them, with a server and a
// worker killed in the middle.

import { setTimeout as delay } from 'node:timers/promises';
import mongoose from 'mongoose';
import { createStores } from '../models/mongo/stores';
import type { Stores } from '../ports/stores';
import { until } from '../test/e2e/reach';
import { contactIds } from './customers';
import { type BenchEvent, type EventStream, eventStream, lastBalances } from './eventStream';
import { type Figure, inParallel, type Part, stopwatch } from './part';
import { type RunningProduct, startProduct } from './product';

const EVENTS = 30_000;
const CONTACTS = 5_000;
const BATCH = 500;
const SENDERS = 4;
/** Of the steady pace: a batch a second. */
const STEADY_SECONDS = 40;
/** Share of the events after which a server and a worker are killed. */
const KILL_AFTER = 0.5;
const HANDLED_MS = 900_000;

interface Sent {
  accepted: number;
  duplicate: number;
  refused: number;
  /** Asked once more, since nothing was answered. */
  repeated: number;
}

export const eventsPart: Part = async ({ seed, log }) => {
  const product = await startProduct(log);
  const connection = mongoose.createConnection(product.mongoUri);
  try {
    return await runEvents(product, createStores(connection), seed, log);
  } finally {
    await connection.close();
    await product.stop(false);
  }
};

async function runEvents(
  product: RunningProduct,
  stores: Stores,
  seed: number,
  log: (line: string) => void,
): Promise<Figure[]> {
  const people = contactIds(CONTACTS);
  const rows = people.map((contactId) => ({ contactId, city: 'yunfu' }));
  await product.ask('PUT', '/api/v1/contacts:batch', rows);

  const paced = eventStream(STEADY_SECONDS * BATCH, people, Date.now(), seed + 1);
  const stream = eventStream(EVENTS, people, Date.now(), seed);
  return [
    ...(await atSteadyPace(product, stores, paced.events)),
    ...(await atFullPace(product, stores, stream, log)),
    ...(await differences(stores, people, [...paced.events, ...stream.events])),
  ];
}

const count = (name: string, value: number): Figure => ({ name, value, unit: '' });

async function atFullPace(
  product: RunningProduct,
  stores: Stores,
  { events, sent }: EventStream,
  log: (line: string) => void,
): Promise<Figure[]> {
  log('as fast as they are taken');
  const watch = stopwatch();
  const answers = await sendAll(product, sent, log);
  const taken = watch.stop().wall;
  log(`${sent.length} events acknowledged in ${Math.round(taken)} s`);

  await untilHandled(stores, log);
  const handled = watch.stop().wall;

  const rate = (name: string, value: number): Figure => ({
    name,
    value: Math.round(value),
    unit: '/s',
  });
  return [
    rate('acknowledged after the inbox write', sent.length / taken),
    rate('handled', events.length / handled),
    count('events', events.length),
    count('sent, those told twice among them', sent.length),
    count('batches sent again after a kill', answers.repeated),
    count('answered as duplicate', answers.duplicate),
    count('refused', answers.refused),
  ];
}

/** Between what was told and what is stored and known. */
const differences = async (
  stores: Stores,
  people: readonly string[],
  told: readonly BenchEvent[],
): Promise<Figure[]> => [
  count('lost', told.length - (await storedEvents(stores, told))),
  count('left in the inbox', await leftInInbox(stores)),
  count('customers of whom something else is known', await wrongBalances(stores, people, told)),
];

/** A batch at the beginning of each second; how far handling is behind when the last is acknowledged, and for how long. */
async function atSteadyPace(
  product: RunningProduct,
  stores: Stores,
  events: readonly BenchEvent[],
): Promise<Figure[]> {
  const answers: Sent = { accepted: 0, duplicate: 0, refused: 0, repeated: 0 };
  const began = Date.now();
  let lastLate = 0;

  for (let second = 0; second < STEADY_SECONDS; second++) {
    await delay(began + second * 1000 - Date.now());
    lastLate = Date.now() - began - second * 1000;
    await sendBatch(product, events.slice(second * BATCH, (second + 1) * BATCH), answers);
  }

  const waiting = await stores.inbox.count('pending');
  const watch = stopwatch();
  await untilHandled(stores, () => {});
  return [
    {
      name: `${BATCH} a second for ${STEADY_SECONDS} s: last batch late by`,
      value: lastLate,
      unit: 'ms',
    },
    { name: 'not handled yet by then', value: waiting, unit: '' },
    { name: 'handled after', value: Math.round(watch.stop().wall), unit: 's' },
  ];
}

async function sendAll(
  product: RunningProduct,
  sent: readonly BenchEvent[],
  log: (line: string) => void,
): Promise<Sent> {
  const answers: Sent = { accepted: 0, duplicate: 0, refused: 0, repeated: 0 };
  const batches = Array.from({ length: Math.ceil(sent.length / BATCH) }, (_, i) =>
    sent.slice(i * BATCH, (i + 1) * BATCH),
  );
  const killAt = Math.floor(batches.length * KILL_AFTER);

  await inParallel(batches, SENDERS, async (batch, i) => {
    if (i === killAt) {
      log('a server and a worker are killed');
      product.kill('server');
      product.kill('worker');
    }
    await sendBatch(product, batch, answers);
  });
  return answers;
}

/** Until it is answered: what was taken already is a duplicate then. */
async function sendBatch(
  product: RunningProduct,
  batch: readonly BenchEvent[],
  answers: Sent,
): Promise<void> {
  const { body } = await until('an answer to a batch', async () => {
    try {
      return await product.ask('POST', '/api/v1/events:batch', batch);
    } catch (error) {
      answers.repeated += 1;
      throw error;
    }
  });
  const { accepted, duplicate, refused } = body as Omit<Sent, 'repeated'>; // as the API answers batches
  answers.accepted += accepted;
  answers.duplicate += duplicate;
  answers.refused += refused;
}

async function untilHandled(stores: Stores, log: (line: string) => void): Promise<void> {
  await until(
    'an empty inbox',
    async () => {
      const pending = await stores.inbox.count('pending');
      log(`${pending} events wait`);
      if (pending > 0) await delay(5_000);
      return pending === 0;
    },
    HANDLED_MS,
  );
}

const leftInInbox = async ({ inbox }: Stores): Promise<number> =>
  (await inbox.count('pending')) + (await inbox.count('parked'));

async function storedEvents({ events }: Stores, told: readonly BenchEvent[]): Promise<number> {
  const filter = {
    ...{ from: '2000-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' },
    types: [...new Set(told.map(({ type }) => type))],
  };
  const own = new Set(told.map(({ eventId }) => eventId));
  let found = 0;
  for await (const { eventId } of events.walk(filter)) if (own.delete(eventId)) found += 1;
  return found;
}

async function wrongBalances(
  { contacts }: Stores,
  people: readonly string[],
  events: readonly BenchEvent[],
): Promise<number> {
  const expected = lastBalances(events);
  const known = await contacts.findMany(people);
  return known.filter(({ contactId, facts }) => facts?.balanceFen !== expected.get(contactId))
    .length;
}
