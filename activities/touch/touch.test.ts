import type { Channel } from '../../ports/channel';
import { closedBy } from '../../rules/journey/closedBy';
import { proveContact } from '../../rules/ledger/proof/contact';
import type { Policy } from '../../rules/policy/policy.schema';
import { type Act, type ScriptedChannel, scriptedChannel } from '../../test/fakes/channel';
import { Crash, crashAt, type Moment } from '../../test/fakes/crash';
import { aScenario, NOON } from '../../test/fakes/touchScenario';
import type { TouchInput } from '../contract';
import { touch } from './touch';

const QUIET_NOW: Partial<Policy> = {
  quietHours: [{ id: 'lunch', classes: ['marketing'], from: '11:00', to: '14:00' }],
};
const ENDS = '2026-03-02T06:00:00.000Z';

describe('a touch', () => {
  it('is decided, reserved, delivered and settled, with one row for the decision and one for the ending', async () => {
    const scenario = await aScenario();
    const sms = scriptedChannel('sms');
    expect(await touch(scenario.ask([sms]))).toEqual({
      verdict: 'sent',
      channelRef: 'sms-1',
      at: new Date(NOON).toISOString(),
    });
    const timeline = await scenario.stores.touches.timeline('c-1');
    expect(timeline.map((row) => (row.kind === 'decision' ? row.verdict : row.settled))).toEqual([
      'pass',
      'sent',
    ]);
    expect(timeline[0]).toMatchObject({
      policy: 'default@1',
      workflowId: 'overage/c-1/e-1',
      runId: 'r-1',
      revision: 1,
      basis: { timezone: 'Asia/Shanghai', consent: 'unknown' },
    });
    expect(sms.book).toMatchObject([
      { text: '王 您好', phone: '19900000001', touchId: 'overage/c-1/e-1/offer' },
    ]);
  });

  it('ends a marketing text with how to refuse, once, where the channel wants it said', async () => {
    const textOf = async (text: string, over: Partial<TouchInput> = {}) => {
      const sms = { ...scriptedChannel('sms'), refusalNote: '拒收请回复R' };
      await touch((await aScenario({ text })).ask([sms], over));
      return sms.book[0]?.text;
    };
    expect(await textOf('优惠')).toBe('优惠 拒收请回复R');
    expect(await textOf('优惠，拒收请回复R')).toBe('优惠，拒收请回复R');
    expect(await textOf('账单', { class: 'service' })).toBe('账单');
  });

  it('is deferred to the end of quiet hours with a row and no reservation, and may be asked again then', async () => {
    const scenario = await aScenario({ policy: QUIET_NOW });
    const sms = scriptedChannel('sms');
    expect(await touch(scenario.ask([sms]))).toEqual({
      verdict: 'deferred',
      until: ENDS,
      reason: 'quiet-hours',
      rule: 'lunch',
    });
    expect((await scenario.stores.contacts.find('c-1'))?.touches).toEqual([]);
    scenario.time.now = Date.parse(ENDS);
    expect(await touch(scenario.ask([sms], { attempt: 2 }))).toMatchObject({ verdict: 'sent' });
    expect((await scenario.stores.touches.timeline('c-1')).map((row) => row.kind)).toEqual([
      'decision',
      'decision',
      'settlement',
    ]);
  });

  it('answers an attempt asked twice with the answer it got, whatever the hour', async () => {
    const scenario = await aScenario({ policy: QUIET_NOW });
    const first = await touch(scenario.ask([]));
    scenario.time.now = Date.parse(ENDS);
    expect(await touch(scenario.ask([]))).toEqual(first);
    expect(await scenario.stores.touches.timeline('c-1')).toHaveLength(1);
  });

  it('is suppressed as irrelevant when the journey has lost its reason, and says which', async () => {
    const scenario = await aScenario({ profile: { facts: { products: ['p-9'] } } });
    expect(
      await touch(scenario.ask([], { relevance: [{ kind: 'not-bought', product: 'p-9' }] })),
    ).toEqual({
      verdict: 'suppressed',
      reason: 'irrelevant',
      rule: 'not-bought',
    });
  });

  it('is suppressed when it rests on a personal feature the customer wants unused, and names it', async () => {
    const off = { personalisation: false };
    const named = await aScenario({ profile: off });
    expect(await touch(named.ask([], { journey: 'leadRetry' }))).toEqual({
      verdict: 'suppressed',
      reason: 'personalisation',
      rule: 'name',
    });
    expect(await named.stores.touches.timeline('c-1')).toMatchObject([
      { reason: 'personalisation', rule: 'name' },
    ]);
    const plain = await aScenario({ profile: off, text: '夏日优惠' });
    expect(
      await touch(plain.ask([scriptedChannel('sms')], { journey: 'leadRetry' })),
    ).toMatchObject({
      verdict: 'sent',
    });
    // The text is the same for everybody, but only those who used up their data get it.
    const picked = await aScenario({ profile: off, text: '夏日优惠' });
    expect(await touch(picked.ask([], { journey: 'overage' }))).toMatchObject({
      rule: 'dataUsedPct',
    });
    const service = await aScenario({ profile: off });
    expect(await touch(service.ask([scriptedChannel('sms')], { class: 'service' }))).toMatchObject({
      verdict: 'sent',
    });
  });

  it.each([
    [
      'a text for another channel',
      { channel: 'sms', class: 'marketing', text: '您好' },
      'no-text-wecom',
    ],
    ['a text of another class', { class: 'service', texts: { wecom: '您好' } }, 'class-service'],
  ] as const)('is not sent with %s, and says so', async (_, body, rule) => {
    const scenario = await aScenario();
    await scenario.stores.templates.draft('other', body, 'ann', '2026-03-01T00:00:00.000Z');
    const wecom = scriptedChannel('wecom');
    const asked = { channel: 'wecom', template: 'other@1' } as const;
    expect(await touch(scenario.ask([wecom], asked))).toEqual({
      verdict: 'suppressed',
      reason: 'template',
      rule,
    });
    expect(wecom.book).toEqual([]);
  });

  it('answers an act of the customer in the words of a service', async () => {
    const scenario = await aScenario();
    const sms = scriptedChannel('sms');
    const answers = { act: 'added', at: new Date(NOON).toISOString(), ref: 's-1' } as const;
    const answer = { class: 'reply', answers, template: 't-service@1' } as const;
    expect(await touch(scenario.ask([sms], answer))).toMatchObject({ verdict: 'sent' });
  });

  it('is signed on a channel that asks for it, once', async () => {
    for (const text of ['优惠', '【广东移动】优惠', '优惠【广东移动】']) {
      const sms = { ...scriptedChannel('sms'), signature: '【广东移动】' };
      await touch((await aScenario({ text })).ask([sms]));
      expect(sms.book[0]?.text).toBe('【广东移动】优惠');
    }
  });

  it('releases its slot when a variable is missing, and names it', async () => {
    const scenario = await aScenario({ text: '余额 {{yuan balanceFen}}' });
    const sms = scriptedChannel('sms');
    expect(await touch(scenario.ask([sms]))).toEqual({
      verdict: 'suppressed',
      reason: 'template',
      rule: 'balanceFen',
    });
    expect((await scenario.stores.contacts.find('c-1'))?.touches).toMatchObject([
      { state: 'released' },
    ]);
    expect(sms.book).toEqual([]);
  });

  it.each(['{{#if planName}}套餐{{/if}}', ' \n\u3000'])(
    'releases its slot when the text says nothing to this customer (%j)',
    async (text) => {
      const scenario = await aScenario({ text });
      const sms = { ...scriptedChannel('sms'), refusalNote: '拒收请回复R' };
      const verdict = { verdict: 'suppressed', reason: 'template', rule: 'text' };
      expect(await touch(scenario.ask([sms]))).toEqual(verdict);
      expect((await scenario.stores.contacts.find('c-1'))?.touches).toMatchObject([
        { state: 'released', why: 'template:text' },
      ]);
      expect(sms.book).toEqual([]);
    },
  );

  it('releases its slot when the channel refuses for good', async () => {
    const scenario = await aScenario();
    expect(
      await touch(scenario.ask([scriptedChannel('sms', [{ refuse: 'PHONE_INVALID' }])])),
    ).toEqual({
      verdict: 'suppressed',
      reason: 'refused',
      rule: 'PHONE_INVALID',
    });
    expect(await scenario.stores.touches.timeline('c-1')).toMatchObject([
      { verdict: 'pass' },
      { settled: 'released', why: 'refused:PHONE_INVALID' },
    ]);
  });

  it('names the whole code of a refusal, colons and all, whoever asks', async () => {
    const scenario = await aScenario();
    const asked = scenario.ask([scriptedChannel('sms', [{ refuse: 'DB:0141' }])]);
    const refused = { verdict: 'suppressed', reason: 'refused', rule: 'DB:0141' };
    expect(await touch(asked)).toEqual(refused);
    expect(await touch(asked)).toEqual(refused);
    expect((await scenario.stores.contacts.find('c-1'))?.touches).toMatchObject([
      { state: 'released', why: 'refused:DB:0141' },
    ]);
  });

  it('blocks a number that the carrier has blacklisted, so that no other journey tries it', async () => {
    const scenario = await aScenario();
    await touch(scenario.ask([scriptedChannel('sms', [{ refuse: 'BLACKLISTED' }])]));
    expect((await scenario.stores.contacts.find('c-1'))?.blocks).toEqual([
      { channel: 'sms', reason: 'BLACKLISTED' },
    ]);
    const other = { touchId: 'leadRetry/c-1/l-1/sms', journey: 'leadRetry' } as const;
    expect(await touch(scenario.ask([], other))).toMatchObject({
      verdict: 'suppressed',
      reason: 'blocked',
    });
  });

  it('releases its slot when the deployment has no such channel, or nobody to speak through', async () => {
    expect(await touch((await aScenario()).ask([]))).toMatchObject({
      verdict: 'suppressed',
      reason: 'refused',
      rule: 'no-channel-sms',
    });
    const alone = await aScenario({ profile: { relations: [] } });
    await alone.stores.contacts.patch('c-1', { channels: { wecom: { reachable: true } } });
    expect(await touch(alone.ask([scriptedChannel('wecom')], { channel: 'wecom' }))).toMatchObject({
      verdict: 'suppressed',
      reason: 'refused',
      rule: 'no-relation',
    });
  });

  it('keeps its reservation while the channel asks to wait, and tells Temporal for how long', async () => {
    const scenario = await aScenario();
    const sms = scriptedChannel('sms', ['throttle']);
    await expect(touch(scenario.ask([sms]))).rejects.toMatchObject({
      type: 'THROTTLED',
      nonRetryable: false,
      nextRetryDelay: 1,
    });
    expect((await scenario.stores.contacts.find('c-1'))?.touches).toMatchObject([
      { state: 'reserved' },
    ]);
    expect(await touch(scenario.ask([sms]))).toMatchObject({ verdict: 'sent' });
    expect(sms.book).toHaveLength(1);
  });

  it('asks the gate again before a delivery that had to wait into quiet hours, and gives the slot back', async () => {
    const scenario = await aScenario({
      policy: { quietHours: [{ id: 'late', classes: ['marketing'], from: '13:00', to: '14:00' }] },
    });
    const sms = scriptedChannel('sms', ['throttle']);
    await expect(touch(scenario.ask([sms]))).rejects.toMatchObject({ type: 'THROTTLED' });
    scenario.time.now = Date.parse('2026-03-02T05:30:00.000Z');
    expect(await touch(scenario.ask([sms]))).toMatchObject({
      verdict: 'deferred',
      reason: 'held',
      rule: 'late',
    });
    expect(await touch(scenario.ask([sms], { attempt: 2 }))).toMatchObject({
      verdict: 'deferred',
      until: ENDS,
      rule: 'late',
    });
    scenario.time.now = Date.parse(ENDS);
    expect(await touch(scenario.ask([sms], { attempt: 3 }))).toMatchObject({ verdict: 'sent' });
    expect(sms.book).toHaveLength(1);
  });

  it('tasks staff with a mass send, has it followed, and answers its deadline', async () => {
    const scenario = await aScenario();
    const wecom = scriptedChannel('wecom', [], 'tasked');
    const verdict = await touch(
      scenario.ask([wecom], { channel: 'wecom', expiresAt: '2026-03-02T06:00:00Z' }),
    );
    expect(verdict).toEqual({ verdict: 'tasked', channelRef: 'wecom-1', deadline: ENDS });
    expect(scenario.engine.massSends).toMatchObject([
      { msgid: 'wecom-1', staffId: 's-1', deadline: ENDS },
    ]);
    const [task] = await scenario.stores.deliveries.openTasks({ openTask: 'wecom-1', limit: 9 });
    expect(task).toMatchObject({ externalUserId: 'wm-1', workflowId: 'overage/c-1/e-1' });
    expect(
      await touch(scenario.ask([wecom], { channel: 'wecom', expiresAt: '2026-03-02T06:00:00Z' })),
    ).toEqual(verdict);
    expect(wecom.book).toHaveLength(1);
  });

  it('waits, and loses nothing, while no policy is published', async () => {
    const scenario = await aScenario();
    const ask = scenario.ask([scriptedChannel('sms')]);
    const published = {
      ...ask.published,
      policyFor: () =>
        Promise.reject(
          Object.assign(new Error('no policy'), {
            name: 'CodedError',
            code: 'UNAVAILABLE',
            issues: [],
          }),
        ),
    };
    await expect(touch({ ...ask, published })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await scenario.stores.touches.timeline('c-1')).toEqual([]);
  });

  it('lets exactly one of two racing touches take the last slot', async () => {
    const scenario = await aScenario({
      policy: {
        caps: [
          { id: 'one', classes: ['marketing'], limit: 1, window: { kind: 'rolling', hours: 24 } },
        ],
      },
    });
    const sms = scriptedChannel('sms');
    const verdicts = await Promise.all(
      ['a', 'b', 'c'].map((touchId) => touch(scenario.ask([sms], { touchId }))),
    );
    expect(verdicts.map(({ verdict }) => verdict).sort()).toEqual(['deferred', 'deferred', 'sent']);
    expect(sms.book).toHaveLength(1);
  });
});

describe('a touch whose process dies', () => {
  const cases: {
    readonly title: string;
    readonly script: Act[];
    readonly kind: 'sent' | 'tasked';
    readonly policy?: Partial<Policy>;
  }[] = [
    { title: 'that is sent', script: [], kind: 'sent' },
    { title: 'that is tasked', script: [], kind: 'tasked' },
    { title: 'that is refused', script: [{ refuse: '84061' }], kind: 'sent' },
    {
      title: 'that times out after it was accepted',
      script: ['time-out-after-accepting'],
      kind: 'sent',
    },
    { title: 'that times out before it was accepted', script: ['time-out-before'], kind: 'sent' },
    { title: 'that is deferred', script: [], kind: 'sent', policy: QUIET_NOW },
  ];

  /** Runs to the end, repeating as Temporal would after every failure that is not final. */
  async function untilDone(run: () => Promise<unknown>): Promise<unknown> {
    for (let tries = 0; tries < 5; tries++) {
      try {
        return await run();
      } catch (error) {
        if (
          !(error instanceof Crash) &&
          !['UNAVAILABLE', 'THROTTLED'].includes(
            (error as { code?: string; type?: string }).code ??
              (error as { type?: string }).type ??
              '',
          )
        )
          throw error;
      }
    }
    throw new Error('never came to an end');
  }

  async function runCrashing(
    channelOf: () => ScriptedChannel,
    policy: Partial<Policy> | undefined,
    step: number,
    moment: Moment,
  ) {
    const scenario = await aScenario(policy ? { policy } : {});
    const channel = channelOf();
    const crash = crashAt(step, moment);
    const verdict = await untilDone(() =>
      touch(scenario.ask([channel], { channel: 'wecom' }, crash.wrap)),
    );
    return { scenario, channel, verdict, steps: crash.steps };
  }

  it.each(cases)(
    '$title comes to the same end after a crash at any step: one reservation, one delivery, one row an attempt',
    async ({ script, kind, policy }) => {
      const channelOf = () => scriptedChannel('wecom', script, kind);
      const undisturbed = await runCrashing(channelOf, policy, 0, 'before');
      const rows = (timeline: readonly { kind: string; touchId: string }[]) =>
        timeline.map((row) =>
          'verdict' in row ? row.verdict : 'settled' in row ? row.settled : row.kind,
        );
      const expected = rows(await undisturbed.scenario.stores.touches.timeline('c-1'));
      for (let step = 1; step <= undisturbed.steps + 3; step++)
        for (const moment of ['before', 'after'] as const) {
          const { scenario, channel, verdict } = await runCrashing(channelOf, policy, step, moment);
          const timeline = await scenario.stores.touches.timeline('c-1');
          expect({ step, moment, verdict }).toEqual({ step, moment, verdict: undisturbed.verdict });
          expect({ step, moment, rows: rows(timeline) }).toEqual({ step, moment, rows: expected });
          expect(channel.book.length).toBe(undisturbed.channel.book.length);
          const book = await scenario.stores.policies.current('default');
          expect(
            proveContact(
              timeline,
              () => (book ? { policy: book.body, holidays: {} } : undefined),
              '2026-03-02T05:00:00.000Z',
            ),
          ).toEqual([]);
        }
    },
  );
});

describe('a text whose receipt is faster than the answer of the gateway', () => {
  const gateway = (receipts: () => Promise<unknown>): Channel => ({
    name: 'sms',
    maxBytes: 1000,
    async deliverMany() {
      await receipts();
      const value = { kind: 'accepted', channelRef: 'm-1', acceptedAt: NOON, parts: 1 } as const;
      return [{ status: 'fulfilled', value }];
    },
    lookup: async () => null,
  });
  const at = new Date(NOON).toISOString();
  const receipt = { channelRef: 'm-1', part: 1, parts: 1, at, heardAt: at } as const;

  it('has failed when the receipt says so, and leaves the customer to another channel', async () => {
    const scenario = await aScenario();
    const { touchId } = scenario.ask([]).input;
    const failed = { ...receipt, state: 'failed', code: 'UNDELIV' } as const;
    const sms = gateway(() => scenario.stores.touches.receive('c-1', touchId, failed));

    const verdict = await touch(scenario.ask([sms]));
    expect(verdict).toEqual({ verdict: 'suppressed', reason: 'sms', rule: 'UNDELIV' });
    expect(closedBy('sms')).toBe('channel');
    expect(closedBy('template', 'no-text-wecom')).toBe('channel');
    expect(closedBy('template', 'balanceFen')).toBe('contact');
    expect((await scenario.stores.contacts.find('c-1'))?.touches).toMatchObject([
      { state: 'released', why: 'sms:UNDELIV' },
    ]);
  });

  it('is accepted, and not delivered, as long as no receipt says so', async () => {
    const scenario = await aScenario();
    await touch(scenario.ask([gateway(async () => undefined)]));
    const [, row] = await scenario.stores.touches.timeline('c-1');
    expect(row).toMatchObject({
      settled: 'sent',
      acceptedAt: new Date(NOON).toISOString(),
      parts: 1,
    });
    expect(row).not.toHaveProperty('deliveredAt');
  });
});
