// Chaos: processes are killed at random moments while customers are touched; then what they received is held against the ledger.

import { setTimeout as delay } from 'node:timers/promises';
import { demoCustomers, loadDemo, STAFF } from '../test/e2e/demoCustomers';
import { until } from '../test/e2e/reach';
import { type Figure, inParallel, type Part, seeded, stopwatch } from './part';
import { PROCESSES, type RunningProduct, startProduct } from './product';

const CUSTOMERS_PER_KILL = 12;
const FED_AT_ONCE = 4;
/** Share of the customers that may be ahead of the kills. */
const AHEAD = 0.03;
/** The longest pause between a start and the next kill. */
const CALM_MS = 2_500;
const READY_MS = 180_000;
const QUIET_MS = 420_000;
/** Looks in a row that found everything settled and nothing new. */
const QUIET_LOOKS = 3;

type Row = Record<string, unknown>;

export const chaosPart: Part = async ({ kills, seed, log }) => {
  const product = await startProduct(log);
  let found = false;

  try {
    const figures = await runChaos(product, kills, seed, log);
    found = figures.some(({ name, value }) => MUST_BE_ZERO.includes(name) && value > 0);
    return figures;
  } catch (error) {
    found = true;
    throw error;
  } finally {
    if (found) log(`logs are kept in ${product.logs}`);
    await product.stop(found);
  }
};

async function runChaos(
  product: RunningProduct,
  kills: number,
  seed: number,
  log: (line: string) => void,
): Promise<Figure[]> {
  const customers = demoCustomers(Math.max(60, kills * CUSTOMERS_PER_KILL));
  const people = customers.map(({ contactId }) => contactId);
  await loadDemo(product, customers);

  const watch = stopwatch();
  const state = { over: false, confirmed: 0, killed: 0 };
  const staff = confirmAll(product, state);
  const traffic = feed(product, people, () => state.killed / kills, log);
  const killed = await killAtRandom(product, kills, seeded(seed), state, log);
  await traffic;

  log('waiting until all is quiet');
  const quiet = await untilQuiet(product, log);
  state.over = true;
  await staff;

  const killsOf = (name: string) => ({
    name: `kills of ${name}`,
    value: killed[name] ?? 0,
    unit: '',
  });
  return [
    ...PROCESSES.map(killsOf),
    ...(await compare(product, people, quiet)),
    { name: 'mass sends confirmed', value: state.confirmed, unit: '' },
    { name: 'taken', value: Math.round(watch.stop().wall), unit: 's' },
  ];
}

const MUST_BE_ZERO = [
  'received twice',
  'sent but not received',
  'received but not in the ledger',
  'violations',
  'unsettled',
];

/**
 * A third goes over the bundle and is offered by SMS, a third adds a member of staff, a third does both. They do so evenly
 * over all kills, however long these take.
 */
async function feed(
  product: RunningProduct,
  people: readonly string[],
  killed: () => number,
  log: (line: string) => void,
): Promise<void> {
  let done = 0;
  await inParallel(people, FED_AT_ONCE, async (contactId, index) => {
    while (killed() < 1 && index / people.length > killed() + AHEAD) await delay(100);
    if (index % 3 > 0)
      await insist(product, `customers/${contactId}:add-friend`, { staffId: STAFF[index % 2] });
    if (index % 3 !== 1) await insist(product, `customers/${contactId}:use-data`, { percent: 120 });
    done += 1;
    if (done % 200 === 0) log(`${done} of ${people.length} customers did something`);
  });
}

/** The sandbox may be down: then the customer does it a little later. */
async function insist(product: RunningProduct, path: string, body: unknown): Promise<void> {
  await until(
    path,
    async () => {
      try {
        await product.control(path, body);
      } catch (error) {
        // A crash may have come after it was done and before it was answered.
        if (!/409|CONFLICT/.test((error as Error).message)) throw error;
      }
      return true;
    },
    READY_MS,
  );
}

async function killAtRandom(
  product: RunningProduct,
  kills: number,
  random: () => number,
  state: { killed: number },
  log: (line: string) => void,
): Promise<Record<string, number>> {
  const killed: Record<string, number> = {};
  for (let i = 0; i < kills; ) {
    await delay(random() * CALM_MS);
    const name = PROCESSES[Math.floor(random() * PROCESSES.length)] ?? 'worker';
    if (!product.kill(name)) continue; // down because another is

    killed[name] = (killed[name] ?? 0) + 1;
    i += 1;
    state.killed = i;
    if (i % 10 === 0) log(`${i} of ${kills} kills`);
    await until(`everything after the kill of ${name}`, () => product.ready(), READY_MS);
  }

  return killed;
}

/** Staff confirm whatever they find. */
async function confirmAll(
  product: RunningProduct,
  state: { over: boolean; confirmed: number },
): Promise<void> {
  while (!state.over) {
    for (const staffId of STAFF) {
      const answer = await product.control(`staff/${staffId}:confirm`).catch(() => null); // the sandbox is down just now
      state.confirmed += (answer as { msgids: unknown[] } | null)?.msgids.length ?? 0;
    }
    await delay(1_000);
  }
}

interface Picture {
  readonly ledger: readonly Row[];
  /** The last settlement of each touch, when it says `sent`. */
  readonly sent: readonly string[];
  readonly book: readonly string[];
  readonly open: number;
}

async function look(product: RunningProduct): Promise<Picture> {
  const ledger = await product.ledger();
  const last = new Map<unknown, Row>();

  for (const row of [...ledger].sort((a, b) => Number(a.revision) - Number(b.revision)))
    if (row.kind === 'settlement' || row.verdict === 'pass') last.set(row.touchId, row);
  const sent = [...last.values()].filter(({ settled }) => settled === 'sent');

  return {
    ledger,
    sent: sent.map(({ contactId, channelRef }) => `${contactId} ${channelRef}`).sort(),
    book: (await product.book()).map(({ contactId, ref }) => `${contactId} ${ref}`).sort(),
    open: [...last.values()].filter(({ kind }) => kind === 'decision').length,
  };
}

/** Nothing waits, nothing is open, and nothing changed for a while; what is open when patience ends is reported as such. */
async function untilQuiet(product: RunningProduct, log: (line: string) => void): Promise<Picture> {
  const end = Date.now() + QUIET_MS;
  let before = '';

  for (let looks = 0; ; ) {
    await delay(2_000);
    const picture = await look(product).catch(() => null); // still coming up
    if (!picture) continue;

    const inbox = ((await product.ask('GET', '/api/v1/summary')).body as { inbox: number }).inbox;
    const now = `${picture.ledger.length}/${picture.book.length}/${picture.open}/${inbox}`;
    looks = now === before && picture.open === 0 && inbox === 0 ? looks + 1 : 0;
    if (now !== before) log(`ledger/book/open/inbox ${now}`);
    before = now;
    if (looks >= QUIET_LOOKS || Date.now() > end) return picture;
  }
}

async function compare(
  product: RunningProduct,
  people: readonly string[],
  picture: Picture,
): Promise<Figure[]> {
  const reached = new Set((await product.book()).map(({ contactId }) => contactId));
  const checked = await product.check();

  const counts = countsOf(people, picture, reached, summaryIn(checked));
  showDifferences(picture, checked);

  return Object.entries({ ...counts, ...reasonsIn(picture.ledger) }).map(([name, value]) => ({
    name,
    value,
    unit: '',
  }));
}

interface CheckedLedger {
  readonly violations: number;
  readonly rows: number;
}

function summaryIn(checked: readonly Row[]): CheckedLedger {
  const summary = checked.at(-1)?.summary as CheckedLedger | undefined;
  if (!summary) throw new Error('the check ended without a summary');
  return summary;
}

function countsOf(
  people: readonly string[],
  { ledger, book, sent, open }: Picture,
  reached: ReadonlySet<string>,
  { rows, violations }: CheckedLedger,
): Readonly<Record<string, number>> {
  const offered = people.filter((_, index) => index % 3 === 0);
  const notReached = offered.filter((contactId) => !reached.has(contactId));

  return {
    customers: people.length,
    'ledger rows': rows,
    touches: new Set(ledger.map(({ touchId }) => touchId)).size,
    received: book.length,
    'received twice': book.length - new Set(book).size,
    'sent but not received': without(sent, book).length,
    'received but not in the ledger': without(book, sent).length,
    unsettled: open,
    'offers that never reached anybody': notReached.length,
    violations,
  };
}

/** At most ten of each: enough for whoever looks into the kept logs. */
function showDifferences({ sent, book }: Picture, checked: readonly Row[]): void {
  const unmatched = [...without(sent, book), ...without(book, sent)].slice(0, 10);
  const findings = checked.slice(0, 10).map((each) => JSON.stringify(each));

  for (const line of [...unmatched, ...findings]) process.stderr.write(`  ${line}\n`);
}

/** Why touches did not reach anybody: a welcome is worth nothing after 20 s, for one. */
function reasonsIn(ledger: readonly Row[]): Readonly<Record<string, number>> {
  const refused = ledger.filter(({ kind, verdict }) => kind === 'decision' && verdict !== 'pass');
  const released = ledger.filter(({ settled }) => settled === 'released');

  return tally([
    ...refused.map(({ reason }) => `not allowed: ${reason}`),
    ...released.map(({ why }) => `released: ${why}`),
  ]);
}

function tally(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** What is in the first and not in the second. */
function without(first: readonly string[], second: readonly string[]): string[] {
  const known = new Set(second);
  return first.filter((each) => !known.has(each));
}
