import { demoCustomers, loadDemo, STAFF } from './demoCustomers';
import { until } from './reach';
import { type Stack, startStack } from './stack';

/** Of their own: the other stacks share the Temporal server, where a run's id is made of its customer's. */
const people = demoCustomers(93).slice(-3);
const [optsOut, pays, buys] = people.map(({ contactId }) => contactId);

type Row = Record<string, unknown>;

describe('a task that became wrong, over HTTP', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack('withdrawal');
    await loadDemo(stack, people);
    for (const { contactId } of people)
      await stack.control(`customers/${contactId}:add-friend`, { staffId: STAFF[0] });
    await until('the welcomes', async () => (await stack.book()).length === people.length);
  }, 180_000);
  afterAll(() => stack?.stop());

  const tasked = (contactId: string | undefined): Promise<Row> =>
    until('the task', async () => {
      const card = await stack.ask('GET', `/api/v1/contacts/${contactId}`);
      const { touches } = card.body as { touches: Row[] };
      return touches.find((touch) => touch.state === 'tasked');
    });
  const settlementsOf = async ({ touchId }: Row): Promise<unknown[]> =>
    (await stack.ledger())
      .filter((row) => row.touchId === touchId && row.kind === 'settlement')
      .map(({ settled, why }) => `${settled} ${why}`);

  /** The member confirms as soon as it is taken back, and the customer gets nothing. */
  async function expectTakenBack(task: Row, why: string): Promise<void> {
    await until('the withdrawal', async () => (await settlementsOf(task)).length >= 2, 45_000);
    await stack.control(`staff/${STAFF[0]}:confirm`, {});

    expect(await settlementsOf(task)).toEqual([
      `withdrawn withdrawn:${why}`,
      `released withdrawn:${why}`,
    ]);
    expect((await stack.book()).some(({ ref }) => ref === task.channelRef)).toBe(false);
  }

  it('by an opt-out is taken back within seconds, and a member who confirms then sends nothing', async () => {
    await stack.control(`customers/${optsOut}:use-data`, { percent: 130 });
    const task = await tasked(optsOut);

    const refusal = { channel: 'wecom', class: 'marketing', state: 'refused', source: 'staff' };
    await stack.ask('PUT', `/api/v1/contacts/${optsOut}/consents`, { changes: [refusal] });
    await expectTakenBack(task, 'opted-out');
  }, 120_000);

  it('by the payment of the bill that it reminds of is taken back', async () => {
    await stack.control(`customers/${pays}:bill`, { balance: 3900 });
    const task = await tasked(pays);

    await stack.ask('POST', '/api/v1/events:batch', [
      {
        eventId: 'paid-1',
        type: 'bill-paid',
        contactId: pays,
        occurredAt: new Date().toISOString(),
        data: {},
      },
    ]);
    await expectTakenBack(task, 'irrelevant:bill-open');
  }, 120_000);

  it('by a policy that is published is taken back', async () => {
    await stack.control(`customers/${buys}:use-data`, { percent: 130 });
    const task = await tasked(buys);

    const none = { id: 'none', limit: 0, window: { kind: 'rolling', hours: 1 } };
    const body = { timezone: 'Asia/Shanghai', caps: [{ ...none, classes: ['marketing'] }] };
    const drafted = await stack.ask('POST', '/api/v1/policies', { id: 'default', body });
    const { version } = drafted.body as { version: number };
    await stack.ask('POST', `/api/v1/policies/default/versions/${version}:publish`, {});
    await expectTakenBack(task, 'cap:none');
  }, 120_000);

  it('leaves a ledger in which nothing was delivered after its withdrawal', async () => {
    const findings = (await stack.check()).filter(({ kind }) => kind !== 'summary');
    expect(findings.map(({ kind }) => kind)).not.toContain('delivered-after-withdrawal');
  });
});
