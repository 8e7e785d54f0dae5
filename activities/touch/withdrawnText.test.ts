import type { Policy } from '../../rules/policy/policy.schema';
import { scriptedChannel } from '../../test/fakes/channel';
import { aScenario, NOON, type Scenario } from '../../test/fakes/touchScenario';
import { touch } from './touch';

const QUIET_NOW: Partial<Policy> = {
  quietHours: [{ id: 'lunch', classes: ['marketing'], from: '11:00', to: '14:00' }],
};
const AT = new Date(NOON).toISOString();
const AFTER_LUNCH = Date.parse('2026-03-02T06:00:00.000Z');

/** `t@1` said "仅1元"; `t@2` is right. */
async function withdrawText({ stores }: Scenario, use: 'latest' | 'end') {
  const { templates } = stores;
  await templates.publish('t', 1, 'ann', AT);
  await templates.draft('t', { channel: 'sms', class: 'marketing', text: '仅10元' }, 'ann', AT);
  await templates.publish('t', 2, 'ann', AT);
  await templates.withdraw('t', 1, { use, reason: 'wrong price', author: 'ann', at: AT });
}

const aWait = () => aScenario({ text: '仅1元', policy: QUIET_NOW });

test('a touch held with words that are withdrawn meanwhile goes out in the words in force', async () => {
  const scenario = await aWait();
  const sms = scriptedChannel('sms');
  const call = scenario.ask([sms]);
  expect(await touch(call)).toMatchObject({ verdict: 'deferred' });

  await withdrawText(scenario, 'latest');
  scenario.time.now = AFTER_LUNCH;
  // The same worker, which has the old words in memory.
  const again = { ...call, input: { ...call.input, attempt: 2 } };
  expect(await touch(again)).toMatchObject({ verdict: 'sent' });
  expect(sms.book.map(({ text }) => text)).toEqual(['仅10元']);
  expect(await scenario.stores.deliveries.find(call.input.touchId)).toMatchObject({
    template: 't@2',
  });
});

test('a touch held with words that are withdrawn ends where that was chosen, and says which', async () => {
  const scenario = await aWait();
  const sms = scriptedChannel('sms');
  await touch(scenario.ask([sms]));
  await withdrawText(scenario, 'end');
  scenario.time.now = AFTER_LUNCH;
  expect(await touch(scenario.ask([sms], { attempt: 2 }))).toEqual({
    verdict: 'suppressed',
    reason: 'template-withdrawn',
    rule: 't@1',
  });
  expect(sms.book).toEqual([]);
  const contact = await scenario.stores.contacts.find('c-1');
  expect(contact?.touches).toEqual([]);
});

test('a reservation that waits for its channel is handed over in the words in force', async () => {
  const scenario = await aScenario({ text: '仅1元' });
  const sms = scriptedChannel('sms', ['throttle', 'send']);
  await expect(touch(scenario.ask([sms]))).rejects.toMatchObject({ type: 'THROTTLED' });
  await withdrawText(scenario, 'latest');
  expect(await touch(scenario.ask([sms]))).toMatchObject({ verdict: 'sent' });
  expect(sms.book.map(({ text }) => text)).toEqual(['仅10元']);
});

test('what the channel took before the withdrawal was said in the old words, and is not said twice', async () => {
  const scenario = await aScenario({ text: '仅1元' });
  const sms = scriptedChannel('sms', ['time-out-after-accepting']);
  await expect(touch(scenario.ask([sms]))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await withdrawText(scenario, 'latest');
  expect(await touch(scenario.ask([sms]))).toMatchObject({ verdict: 'sent' });
  expect(sms.book.map(({ text }) => text)).toEqual(['仅1元']);
});

test('a reservation in words that end is given back, and ends when it is asked again', async () => {
  const scenario = await aScenario({ text: '仅1元' });
  const sms = scriptedChannel('sms', ['throttle', 'send']);
  await expect(touch(scenario.ask([sms]))).rejects.toMatchObject({ type: 'THROTTLED' });
  await withdrawText(scenario, 'end');
  expect(await touch(scenario.ask([sms]))).toMatchObject({ verdict: 'deferred', reason: 'held' });
  expect(await touch(scenario.ask([sms], { attempt: 2 }))).toMatchObject({
    verdict: 'suppressed',
    reason: 'template-withdrawn',
  });
  expect(sms.book).toEqual([]);
});
