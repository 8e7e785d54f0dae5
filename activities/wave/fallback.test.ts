import type { Delivered } from '../../ports/channel';
import { scriptedChannel } from '../../test/fakes/channel';
import { NOON } from '../../test/fakes/touchScenario';
import { aWaveScenario } from '../../test/fakes/waveScenario';

const at = new Date(NOON).toISOString();
const FIRST = 'month/balance/2026-03-02/c-1';

/** As a gateway answers whose receipts follow. */
const accepted = (answer: PromiseSettledResult<Delivered>): typeof answer =>
  answer.status === 'rejected' || answer.value.kind !== 'sent'
    ? answer
    : {
        status: 'fulfilled',
        value: { kind: 'accepted', channelRef: 'sms-1', acceptedAt: NOON, parts: 1 },
      };

test('a text whose failure is heard before it is kept as sent is followed as well', async () => {
  const sms = scriptedChannel('sms');
  const call = scriptedChannel('call');
  const wave = await aWaveScenario([sms, call], {
    ...{ count: 1, slot: { delivery: { fallback: ['call'] } } },
    profiles: { 'c-1': { channels: { sms: { reachable: true }, call: { reachable: true } } } },
  });
  const { deliverMany } = sms;
  sms.deliverMany = async (...given) => {
    const answers = await deliverMany(...given);
    await wave.stores.touches.receive('c-1', FIRST, {
      ...{ channelRef: 'sms-1', part: 1, parts: 1, state: 'failed', code: 'UNDELIV' },
      ...{ heardAt: at, at },
    });
    return answers.map(accepted);
  };
  await wave.page();
  await wave.duePage();
  expect(await wave.contact('c-1')).toMatchObject({ state: 'sent', channel: 'call' });
});

test('a wave does not end under somebody who is to be touched again meanwhile', async () => {
  const wave = await aWaveScenario([scriptedChannel('sms', [{ refuse: 'PHONE_INVALID' }])], {
    count: 1,
  });
  const { waves } = wave.stores;
  const { move } = waves;
  waves.move = async (id, from, to, when) => {
    if (to === 'ended') await waves.retryFailed(id, when);
    waves.move = move;
    return move(id, from, to, when);
  };
  expect(await wave.page()).toMatchObject({ state: 'running', next: at });
});
