import { createMemoryStores } from '../../models/memory/stores';
import { scriptedChannel } from '../../test/fakes/channel';
import { aScenario, type Scenario } from '../../test/fakes/touchScenario';
import { describeExecutions } from '../../test/support/executions';
import { requestOfJourney } from './asked';
import { touchMany } from './page';

describeExecutions('stores in memory', async () => undefined, 300);

/** An execution that stalls just before a call of a store, and believes that it still has time. */
function stalledBefore(
  scenario: Scenario,
  channel: ReturnType<typeof scriptedChannel>,
  call: string,
) {
  let wake = (): void => {};
  let reached = (): void => {};
  const awake = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const stalled = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const stall = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, name, receiver) {
        const member: unknown = Reflect.get(object, name, receiver);
        if (name !== call || typeof member !== 'function') return member;
        return async (...given: readonly unknown[]) => {
          reached();
          await awake;
          return member.apply(object, given) as unknown;
        };
      },
    });

  const { input, caller, ...context } = scenario.ask([channel], { channel: 'wecom' }, stall);
  const ended = touchMany(context, [requestOfJourney(input, caller)]);
  return { stalled, wake, ended };
}

async function execute(scenario: Scenario, channel: ReturnType<typeof scriptedChannel>) {
  const { input, caller, ...context } = scenario.ask([channel], { channel: 'wecom' });
  const [end] = await touchMany(context, [requestOfJourney(input, caller)]);
  return end;
}

describe('an execution that wakes after its successor has come to an end', () => {
  it('hands nothing over when the successor has opened the record', async () => {
    const scenario = await aScenario({ stores: createMemoryStores() });
    const channel = scriptedChannel('wecom');
    const first = stalledBefore(scenario, channel, 'openMany');
    await first.stalled;

    expect(await execute(scenario, channel)).toMatchObject({ verdict: { verdict: 'sent' } });
    first.wake();

    expect(await first.ended).toMatchObject([{ failure: { type: 'OVERTAKEN' } }]);
    expect(channel.book).toHaveLength(1);
  });

  it('reserves nothing when the successor was held by quiet hours, and the row stays', async () => {
    const quietHours = [
      { id: 'late', classes: ['marketing' as const], from: '13:00', to: '14:00' },
    ];
    const scenario = await aScenario({ policy: { quietHours } });
    const channel = scriptedChannel('wecom');
    const first = stalledBefore(scenario, channel, 'reserveMany');
    await first.stalled;

    scenario.time.now = Date.parse('2026-03-02T05:30:00.000Z');
    expect(await execute(scenario, channel)).toMatchObject({ verdict: { verdict: 'deferred' } });
    first.wake();

    expect(await first.ended).toMatchObject([{ failure: { type: 'OVERTAKEN' } }]);
    expect(channel.book).toHaveLength(0);
    expect(await scenario.stores.touches.timeline('c-1')).toMatchObject([{ verdict: 'deferred' }]);
  });

  it('frees no slot that the successor has filled', async () => {
    const scenario = await aScenario();
    const channel = scriptedChannel('wecom', [{ refuse: '84061' }]);
    const first = stalledBefore(scenario, channel, 'settleMany');
    await first.stalled;
    await scenario.stores.touches.fenceMany([
      { contactId: 'c-1', touchId: 'overage/c-1/e-1/offer', attempt: 1 },
    ]);

    first.wake();
    await first.ended;

    expect((await scenario.stores.contacts.find('c-1'))?.touches).toMatchObject([
      { state: 'reserved' },
    ]);
  });
});
