import { scriptedChannel } from '../../test/fakes/channel';
import { aScenario } from '../../test/fakes/touchScenario';
import type { TouchInput } from '../contract';
import { touch } from './touch';

const WELCOME = { channel: 'wecom', class: 'service', staffId: 's-1' } as const;

async function aWelcome(input: Partial<TouchInput>) {
  const scenario = await aScenario();
  const channel = scriptedChannel('wecom');
  const welcome = () => touch(scenario.ask([channel], { ...WELCOME, ...input }));
  return { ...scenario, channel, welcome };
}

test('a welcome is handed over under the code that its id names', async () => {
  const { stores, channel, welcome } = await aWelcome({ welcomeId: 's-1/wm-1/1' });
  await stores.welcomeCodes.keep('s-1/wm-1/1', 'THE-CODE', Number.MAX_SAFE_INTEGER);
  expect(await welcome()).toMatchObject({ verdict: 'sent' });
  expect(channel.book).toMatchObject([{ welcomeCode: 'THE-CODE' }]);
  expect(JSON.stringify(await stores.contacts.find('c-1'))).not.toContain('THE-CODE');
});

test('a welcome whose code is forgotten comes too late, and is no task for staff', async () => {
  const { channel, welcome } = await aWelcome({ welcomeId: 's-1/wm-1/1' });
  expect(await welcome()).toMatchObject({ verdict: 'suppressed', reason: 'refused' });
  expect(channel.book).toEqual([]);
});

test('a run begun before codes were kept apart brings its code itself', async () => {
  const { channel, welcome } = await aWelcome({ welcomeCode: 'THE-CODE' });
  expect(await welcome()).toMatchObject({ verdict: 'sent' });
  expect(channel.book).toMatchObject([{ welcomeCode: 'THE-CODE' }]);
});
