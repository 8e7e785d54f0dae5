import { channelPace } from '../../rules/calendar/channelPace';
import { MINUTE_MS } from '../../rules/time/durations';
import { scriptedChannel } from '../../test/fakes/channel';
import { aWaveScenario } from '../../test/fakes/waveScenario';

/** Twenty seconds for two. */
const SLOW = channelPace('sopflow', 'sms', 0.1);
const TWO_A_PAGE = { ...channelPace('sopflow', 'sms', 0.2), pageSize: 2 };

const pacedWave = (over: Parameters<typeof aWaveScenario>[1]) => {
  const sms = scriptedChannel('sms');
  return { sms, scenario: aWaveScenario([sms], over) };
};

describe('a wave of a channel that is limited', () => {
  it('touches nobody from another task queue, and says from which it has to be asked', async () => {
    const { sms, scenario } = pacedWave({ paces: new Map([['sms', SLOW]]) });
    const wave = await scenario;
    expect(await wave.page()).toMatchObject({ isWalked: false, queue: 'sopflow-sms' });
    expect(await wave.duePage()).toMatchObject({ isWalked: false, queue: 'sopflow-sms' });
    expect([sms.book, await wave.states()]).toEqual([[], []]);
  });

  it('touches as many a call as the channel takes in a page', async () => {
    const paces = new Map([['sms', TWO_A_PAGE]]);
    const { sms, scenario } = pacedWave({ count: 5, paces, taskQueue: TWO_A_PAGE.queue });
    const wave = await scenario;
    expect(await wave.page()).toMatchObject({ isWalked: false, numbers: { sent: 2 } });
    expect(await wave.page()).toMatchObject({ isWalked: false, numbers: { sent: 4 } });
    expect(await wave.page()).toMatchObject({ state: 'ended', numbers: { sent: 5 } });
    expect(sms.book).toHaveLength(5);
  });

  it('takes up no more a call of those who have come to their minute', async () => {
    const paces = new Map([['sms', TWO_A_PAGE]]);
    const slot = { spreadMinutes: 60, at: '12:01' };
    const given = { count: 5, paces, taskQueue: TWO_A_PAGE.queue, slot };
    const wave = await pacedWave(given).scenario;
    for (let step = await wave.page(); !step.isWalked; ) step = await wave.page();
    wave.later(62 * MINUTE_MS);
    expect(await wave.duePage()).toMatchObject({ numbers: { sent: 2 } });
    expect(await wave.duePage()).toMatchObject({ numbers: { sent: 4 } });
    expect(await wave.duePage()).toMatchObject({ state: 'ended', numbers: { sent: 5 } });
  });

  it('goes at its own speed where another channel is limited', async () => {
    const { sms, scenario } = pacedWave({
      paces: new Map([['wecom', channelPace('sopflow', 'wecom', 1)]]),
    });
    expect(await (await scenario).page()).toMatchObject({ state: 'ended' });
    expect(sms.book).toHaveLength(3);
  });

  it('keeps to the slowest of the channels that it may come to', async () => {
    const wave = await aWaveScenario([scriptedChannel('wecom'), scriptedChannel('sms')], {
      paces: new Map([['sms', SLOW]]),
      slot: {
        touch: { channel: 'wecom', class: 'marketing', template: 't@1' },
        delivery: { fallback: ['sms'] },
      },
    });
    expect(await wave.page()).toMatchObject({ queue: 'sopflow-sms', numbers: { sent: 0 } });
  });
});
