import type { AnsweredAct } from '../../rules/contact/answeredAct';
import type { Profile } from '../../rules/contact/contact';
import { MINUTE_MS } from '../../rules/time/durations';
import { scriptedChannel } from '../../test/fakes/channel';
import { aScenario, NOON } from '../../test/fakes/touchScenario';
import type { TouchInput } from '../contract';
import { touch } from './touch';

const AT = new Date(NOON).toISOString();
const ADDED: AnsweredAct = { act: 'added', at: AT, ref: 's-1' };
const WELCOME = { channel: 'wecom', staffId: 's-1', class: 'reply', answers: ADDED } as const;

/** It is noon. */
const RESTING = { from: '11:00', to: '15:00' };
const NIGHT = { id: 'night', classes: ['marketing' as const, 'service' as const], ...RESTING };

async function aReply(profile: Partial<Profile> = {}) {
  const scenario = await aScenario({ policy: { quietHours: [NIGHT] }, profile });
  await scenario.stores.welcomeCodes.keep('w-1', 'THE-CODE', Number.MAX_SAFE_INTEGER);
  const channel = scriptedChannel('wecom');
  const ask = (over: Partial<TouchInput> = {}) =>
    touch(scenario.ask([channel], { ...WELCOME, welcomeId: 'w-1', ...over }));
  const rows = () => scenario.stores.touches.timeline('c-1');
  return { ...scenario, ask, rows };
}

test('a welcome is not held by quiet hours, nor by those of the customer, who has just added us', async () => {
  const { ask, rows } = await aReply({ quietHours: RESTING });
  expect(await ask()).toMatchObject({ verdict: 'sent' });
  expect((await rows())[0]).toMatchObject({ class: 'reply', answers: ADDED });
});

test('a service at the same hour is held', async () => {
  const { answers: _, ...service } = WELCOME;
  const { ask } = await aReply({ quietHours: RESTING });
  const asked = { ...service, class: 'service', answers: undefined } as unknown as TouchInput;
  expect(await ask(asked)).toMatchObject({ verdict: 'deferred', rule: 'night' });
});

test.each<readonly [string, Partial<Profile>]>([
  ['blocked', { blocks: [{ channel: '*', reason: 'complaint' }] }],
  ['unreachable', { relations: [], channels: { wecom: { reachable: false } } }],
])('what the customer closed stays closed: %s', async (reason, profile) => {
  const { ask } = await aReply(profile);
  expect(await ask()).toMatchObject({ verdict: 'suppressed', reason });
});

describe('is refused for good, and leaves no row', () => {
  it.each<readonly [string, object, RegExp]>([
    ['a reply to nothing', { answers: undefined }, /names the act/],
    ['anything else that says it answers', { class: 'service' }, /names the act/],
    ['an act of which nobody knows', { answers: { ...ADDED, ref: 's-9' } }, /nothing is known/],
    [
      'one that lies ahead',
      { answers: { ...ADDED, at: new Date(NOON + 6 * MINUTE_MS).toISOString() } },
      /not within minutes/,
    ],
  ])('%s', async (_, over, message) => {
    const { ask, rows } = await aReply({ quietHours: RESTING });
    await expect(ask(over)).rejects.toMatchObject({ code: 'INVALID_INPUT', message });
    expect(await rows()).toEqual([]);
  });

  it('an act of long ago', async () => {
    const { ask, time } = await aReply();
    time.now = NOON + 6 * MINUTE_MS;
    await expect(ask()).rejects.toMatchObject({ message: /not within minutes/ });
  });
});

test('a welcome whose time is over is expired, however late it comes', async () => {
  const { ask, time } = await aReply();
  time.now = NOON + 60 * MINUTE_MS;
  const expiresAt = new Date(NOON + 20_000).toISOString();
  expect(await ask({ expiresAt })).toMatchObject({ verdict: 'suppressed', reason: 'expired' });
});
