import { Client, Connection } from '@temporalio/client';
import { demoCustomers, loadDemo, NAMES, STAFF, TEXT_MARK } from './demoCustomers';
import { type BookEntry, until } from './reach';
import { type Stack, startStack } from './stack';

const people = demoCustomers(24);
const ids = people.map(({ contactId }) => contactId);
const group = (from: number, to: number) => ids.slice(from, to);

type Row = Record<string, unknown>;

describe('the main job, as processes over HTTP', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack('main-job');
    await loadDemo(stack, people);
  }, 180_000);
  afterAll(() => stack?.stop());

  const runsOf = async (kind: string) =>
    ((await stack.ask('GET', `/api/v1/journeys/${kind}/runs?limit=100`)).body as { items: Row[] })
      .items;

  /** One entry of the book for each delivery the ledger says is sent, under the same reference, and the other way round. */
  async function pairs(): Promise<{ book: string[]; sent: string[] }> {
    const settled = new Map<string, Row>();
    for (const row of await stack.ledger())
      if (row.kind === 'settlement') settled.set(String(row.touchId), row);
    const sent = [...settled.values()]
      .filter((row) => row.settled === 'sent')
      .map((row) => `${row.contactId} ${row.channelRef}`);
    const book = (await stack.book()).map((entry: BookEntry) => `${entry.contactId} ${entry.ref}`);
    return { book: book.sort(), sent: sent.sort() };
  }

  it('welcomes a customer who adds a member of staff, once, and hands on to the follow-up', async () => {
    for (const contactId of group(0, 6))
      await stack.control(`customers/${contactId}:add-friend`, { staffId: STAFF[0] });
    await until(
      'six welcomes',
      async () => (await stack.book()).filter(({ channel }) => channel === 'wecom').length === 6,
    );
    await until('six follow-ups', async () => (await runsOf('followUp')).length === 6);
    expect((await stack.book()).every(({ text }) => text.startsWith(`${TEXT_MARK} welcome`))).toBe(
      true,
    );
  });

  it('offers by SMS to a customer over the bundle, and places the order of the one who accepts', async () => {
    const [buyer] = group(6, 7);
    for (const contactId of group(6, 12))
      await stack.control(`customers/${contactId}:use-data`, { percent: 120 });
    await until(
      'six offers',
      async () => (await stack.book()).filter(({ channel }) => channel === 'sms').length >= 6,
    );
    await stack.control(`customers/${buyer}:accept`, { product: 'd-10' });
    const order = await until(
      'the order',
      async () =>
        ((await stack.ask('GET', `/api/v1/orders?contactId=${buyer}`)).body as { items: Row[] })
          .items[0],
    );
    expect(order).toMatchObject({ contactId: buyer, product: 'd-10' });
  });

  it('tasks a member of staff with a mass send and counts it sent only when WeCom says so', async () => {
    const [contactId] = group(0, 1);
    await stack.control(`customers/${contactId}:use-data`, { percent: 130 });
    const tasked = await until('the task', async () => {
      const { touches } = (await stack.ask('GET', `/api/v1/contacts/${contactId}`)).body as {
        touches: Row[];
      };
      return touches.find((touch) => touch.state === 'tasked');
    });
    expect((await stack.book()).some(({ ref }) => ref === tasked.channelRef)).toBe(false);
    await stack.control(`staff/${STAFF[0]}:confirm`, { msgid: tasked.channelRef });
    await until('the settlement', async () =>
      (await stack.ledger()).some(
        (row) => row.touchId === tasked.touchId && row.settled === 'sent',
      ),
    );
    expect((await stack.book()).some(({ ref }) => ref === tasked.channelRef)).toBe(true);
  }, 180_000);

  it('starts the month from a bill, takes up an unreached lead, and blocks at once who replies R', async () => {
    for (const contactId of group(1, 4))
      await stack.control(`customers/${contactId}:bill`, { balance: 3900 });
    await until('three bill runs', async () => (await runsOf('monthStart')).length === 3);
    const [leadContact] = group(12, 13);
    await stack.control('leads', {
      contactId: leadContact,
      outcome: 'not-reached',
      product: 'p-58',
    });
    await until('the lead run', async () => (await runsOf('leadRetry')).length === 1);
    const [refuser] = group(7, 8);
    await stack.control(`customers/${refuser}:reply-sms`, { text: 'Ｒ' });
    await until(
      'the block',
      async () =>
        (
          (await stack.ask('GET', `/api/v1/contacts/${refuser}`)).body as {
            contact: { consents?: { sms?: Row } };
          }
        ).contact.consents?.sms?.marketing === 'refused',
    );
  });

  it('keeps every touch through kills of the worker and the server: none repeated, none lost', async () => {
    const batch = group(13, 24);
    const half = Math.floor(batch.length / 2);
    for (const contactId of batch.slice(0, half))
      await stack.control(`customers/${contactId}:use-data`, { percent: 150 });
    await stack.kill('worker');
    for (const contactId of batch.slice(half))
      await stack.control(`customers/${contactId}:use-data`, { percent: 150 });
    await stack.kill('server');
    await stack.start('worker');
    await stack.start('server');
    await until('all offers', async () => {
      const reached = new Set(
        (await stack.book())
          .filter(({ channel }) => channel === 'sms')
          .map(({ contactId }) => contactId),
      );
      return batch.every((contactId) => reached.has(contactId));
    });
    const { book, sent } = await until('the book and the ledger to agree', async () => {
      const both = await pairs();
      return both.book.length === both.sent.length ? both : null;
    });
    expect(book).toEqual(sent);
    expect(new Set(book).size).toBe(book.length);
    const offers = (await stack.book()).filter(
      ({ channel, contactId }) => channel === 'sms' && batch.includes(contactId),
    );
    expect(offers).toHaveLength(batch.length);
  }, 240_000);

  it('reads the books of all systems back, to their end', async () => {
    const { body } = await stack.ask('POST', '/api/v1/reconciles', { days: 1 });
    const { reportId } = body as { reportId: string };
    const report = await until('the reconcile', async () => {
      const { body: found } = await stack.ask('GET', `/api/v1/reconciles/${reportId}`);
      return (found as { endedAt?: string }).endedAt === undefined ? null : (found as Row);
    });
    const parts = Object.values(report.parts as Record<string, Row>);
    expect(parts.map(({ state }) => state)).toEqual(Array(6).fill('done'));
  });

  it('lets no name, phone or text into a Temporal history or a log', async () => {
    const connection = await Connection.connect({
      address: process.env.SOPFLOW_TEST_TEMPORAL_ADDRESS ?? '',
    });
    const client = new Client({ connection });
    const histories: string[] = [];
    for await (const { workflowId } of client.workflow.list({
      query: `TaskQueue = '${stack.taskQueue}'`,
    }))
      histories.push(payloadsOf(await client.workflow.getHandle(workflowId).fetchHistory()));
    await connection.close();
    expect(histories.length).toBeGreaterThan(20);
    const secrets = [...NAMES, ...people.map(({ phone }) => phone), TEXT_MARK];
    const logs = stack.logs();
    for (const secret of secrets) {
      expect(histories.some((history) => history.includes(secret))).toBe(false);
      expect(logs.includes(secret)).toBe(false);
    }
  });
});

/** Every byte string of a history as text: payload data is bytes, and names would hide in base64. */
function payloadsOf(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (Array.isArray(value)) return value.map(payloadsOf).join('\n');
  if (typeof value === 'object' && value !== null)
    return Object.values(value).map(payloadsOf).join('\n');
  return typeof value === 'string' ? value : '';
}
