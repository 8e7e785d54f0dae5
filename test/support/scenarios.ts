// Runs whose histories are kept: what every later version of the workflows must still be able to replay.

import { ApplicationFailure } from '@temporalio/common';
import { heldUntil, SENT, suppressed, taskedFor } from '../../testing/answers';
import { MONDAY_TEN, type TestRun, type TestRuns } from '../../testing/testRuns';
import { WAVE_SCENARIOS } from './waveScenarios';

const product = 'p-58';
const accepted = { kind: 'accepted', at: MONDAY_TEN, product } as const;
const OFFER = {
  triggerId: 'gz-overage',
  product,
  template: 't-overage',
  expiresAt: '2090-03-06T04:00:00.000Z',
};
const LEAD = { leadId: 'l-1', product, outcome: 'not-reached', maxAttempts: 3 };

export const SCENARIOS: Readonly<Record<string, (journeys: TestRuns) => Promise<TestRun>>> = {
  welcome: async (journeys) => {
    const run = await journeys.start('welcome', {
      staffId: 's-1',
      externalUserId: 'w-1',
      welcomeId: 's-1/w-1/1',
      addedAt: MONDAY_TEN,
    });
    await run.end();
    return run;
  },
  'followUp-silent': async (journeys) => {
    const run = await journeys.start('followUp', { staffId: 's-1', addedAt: MONDAY_TEN });
    await run.end();
    return run;
  },
  'followUp-moved': async (journeys) => {
    const moved = { contactZone: async () => ({ timezone: 'Asia/Urumqi' }) };
    const run = await journeys.start('followUp', { staffId: 's-1', addedAt: MONDAY_TEN }, moved);
    await run.signal('changed', { what: 'profile' });
    await run.end();
    return run;
  },
  'monthStart-tasked-ordered': async (journeys) => {
    const touches = {
      bill: taskedFor(24),
      upsell: [heldUntil('2090-03-08T01:00:00.000Z'), taskedFor(24)],
      remind: taskedFor(24),
    };
    const run = await journeys.start('monthStart', { billedAt: MONDAY_TEN }, { touches });
    await run.settled('bill', 'sent');
    await run.later({ days: 2 });
    await run.settled('upsell', 'sent');
    await run.later({ days: 4 });
    await run.customer(accepted);
    await run.end();
    return run;
  },
  'monthStart-paused-opted-out': async (journeys) => {
    const run = await journeys.start('monthStart', { billedAt: MONDAY_TEN });
    await run.signal('pause', { by: 'ops' });
    await run.later({ days: 2 });
    await run.signal('resume', { by: 'ops' });
    await run.customer({ kind: 'opted-out', at: MONDAY_TEN });
    await run.end();
    return run;
  },
  'monthStart-taken-back': async (journeys) => {
    const touches = { bill: taskedFor(48), upsell: [taskedFor(24), taskedFor(24)] };
    const run = await journeys.start(
      'monthStart',
      { billedAt: MONDAY_TEN },
      {
        touches,
        reviewTouch: async ({ step }) =>
          step === 'upsell'
            ? { stands: false, verdict: 'deferred', reason: 'quiet-hours' }
            : { stands: true, quietFrom: '2090-03-06T05:00:00.000Z' },
      },
    );
    await run.customer({ kind: 'spoke' });
    await run.later({ days: 1 });
    await run.signal('changed', { what: 'policy' });
    await run.customer({ kind: 'opted-out', at: MONDAY_TEN });
    await run.end();
    return run;
  },
  'overage-fallback-ordered': async (journeys) => {
    const touches = { 'offer-wecom': taskedFor(1) };
    const run = await journeys.start(
      'overage',
      { ...OFFER, channel: 'wecom', fallback: ['sms'] },
      { touches },
    );
    await run.later({ hours: 2 });
    await run.customer(accepted);
    await run.end();
    return run;
  },
  'overage-acceptance-returned': async (journeys) => {
    const run = await journeys.start('overage', { ...OFFER, channel: 'sms', fallback: [] });
    await run.signal('pause', { by: 'ops' });
    await run.customer({ ...accepted, acceptance: 't-1', touchId: 't-1', eventId: 'e-1' });
    await run.signal('stop', { by: 'ops' });
    await run.end();
    return run;
  },
  'leadRetry-exhausted': async (journeys) => {
    const run = await journeys.start('leadRetry', LEAD, {
      touches: { 'try-1-wecom': suppressed('consent'), 'try-2-call': SENT },
    });
    await run.end();
    return run;
  },
  'leadRetry-called-back-ordered': async (journeys) => {
    const touches = { 'try-1-call': taskedFor(1), 'try-2-call': taskedFor(1) };
    const run = await journeys.start('leadRetry', LEAD, { touches, facts: { friends: [] } });
    const reported = async (step: string, outcome: 'hesitating' | 'accepted') => {
      await run.settled(step, 'sent', `call:${outcome}`);
      const touchId = `${run.workflowId}/${step}`;
      await run.customer({ kind: 'call-result', channel: 'call', touchId, outcome });
    };
    await reported('try-1-call', 'hesitating');
    await run.later({ hours: 2, minutes: 1 });
    await reported('try-2-call', 'accepted');
    await run.end();
    return run;
  },
  'leadRetry-unanswered': async (journeys) => {
    const run = await journeys.start('leadRetry', { ...LEAD, outcome: 'busy', maxAttempts: 5 });
    await run.end();
    return run;
  },
  birthday: async (journeys) => {
    const run = await journeys.start('birthday', { day: '2090-03-07' });
    await run.end();
    return run;
  },
  'massSend-withdrawn': async (journeys) => {
    const input = { version: 2, msgid: 'msg-1', staffId: 's-1', deadline: '2090-03-07T02:00:00Z' };
    let waiting = 3;
    const run = await journeys.start('massSend', input, {
      settleMassSend: async () => waiting,
      withdrawFromMassSend: async () => waiting,
    });
    await run.later({ hours: 2 });
    waiting = 0;
    await run.signal('withdraw', { touchId: 't-1' });
    await run.end();
    return run;
  },
  'sequence-stopped-early': async (journeys) => {
    const window = { from: '09:00', to: '20:00' };
    const text = { channel: 'wecom', class: 'service', template: 't-hello@1' } as const;
    const run = await journeys.start(
      'sequence',
      {
        ...{ sequence: 'new-friend@1', occasion: 'e-1', at: MONDAY_TEN },
        ...{ reentry: 'never', staffId: 's-1' },
      },
      {
        touches: { hello: [heldUntil('2090-03-06T04:00:00.000Z'), taskedFor(6)] },
        sequencePlan: async () => ({
          steps: [
            { id: 'tag', day: 0, window, do: { kind: 'tag', tags: ['new'] } },
            { id: 'hello', day: 0, window, do: { kind: 'send', ...text } },
            { id: 'call', day: 1, window, onlyOn: 'work', do: { kind: 'call', scene: 's-1' } },
            { id: 'ask', day: 2, window, isConditional: true, do: { kind: 'task', scene: 's-1' } },
            { id: 'last', day: 30, window, do: { kind: 'stage', stage: 'known' } },
          ],
          stopWhen: [{ kind: 'replied' }, { kind: 'tagged', tags: ['vip'] }],
          atEnd: [{ on: ['replied'], do: { kind: 'next', sequence: 'silent' } }],
        }),
      },
    );
    await run.later({ hours: 3 });
    await run.settled('hello', 'sent');
    await run.later({ days: 2, hours: 1 });
    await run.signal('changed', { what: 'profile' });
    await run.customer({ kind: 'spoke' });
    await run.end();
    return run;
  },
  'massSend-cancelled': async (journeys) => {
    const touch = {
      touchId: 't-1',
      contactId: 'c-1',
      externalUserId: 'w-1',
      workflowId: 'no-such-run',
    };
    const input = {
      msgid: 'msg-1',
      staffId: 's-1',
      touches: [touch],
      deadline: '2090-03-06T08:00:00.000Z',
    };
    const run = await journeys.start('massSend', input, {
      massSendStates: async () => [{ touchId: 't-1', state: 'waiting' }],
    });
    await run.end();
    return run;
  },
  'reap-found': async (journeys) => {
    const run = await journeys.start(
      'reap',
      {},
      {
        bookPage: async ({ part, cursor }) =>
          part === 'touches' && cursor === null
            ? { looked: 20, found: { 'reaped-released': 2 }, next: 'c-20' }
            : { looked: 0, found: {}, next: null },
      },
    );
    await run.end();
    return run;
  },
  'reconcile-one-away': async (journeys) => {
    const away = { type: 'NOT_FOUND', message: 'no such call', nonRetryable: true };
    const run = await journeys.start(
      'reconcile',
      { days: 7 },
      {
        bookPage: async ({ part, cursor }) => {
          if (part === 'crm') throw ApplicationFailure.create(away);
          const isFirst = part === 'sms' && cursor === null;
          return { looked: 200, found: { 'callback-missed': 1 }, next: isFirst ? '200' : null };
        },
      },
    );
    await run.end();
    return run;
  },
  sequenceStarts: async (journeys) => {
    const nobody = { looked: 0, started: 0, repeated: 0, refused: 0, next: null };
    const away = { type: 'NOT_FOUND', nonRetryable: true };
    const run = await journeys.start(
      'sequenceStarts',
      {},
      {
        datedSequences: async () => ({ sequences: ['birthday@1', 'gone@2', 'silent@1'] }),
        duePage: async ({ sequence, after }) => {
          if (sequence === 'gone@2') throw ApplicationFailure.create(away);
          const isFirst = sequence === 'birthday@1' && after === null;
          return { ...nobody, looked: 500, started: 2, next: isFirst ? 'c-500' : null };
        },
      },
    );
    await run.end();
    return run;
  },
  sealLedger: async (journeys) => {
    let asked = 0;
    const run = await journeys.start(
      'sealLedger',
      {},
      { sealHours: async () => ({ sealed: 24, until: MONDAY_TEN, more: asked++ < 1 }) },
    );
    await run.end();
    return run;
  },
  ...WAVE_SCENARIOS,
};
