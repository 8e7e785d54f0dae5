// Runs whose histories are kept: what every later version of the workflows must still be able to replay.

import { heldUntil, SENT, suppressed, taskedFor } from './stage';
import { MONDAY_TEN, type Play, type Theatre } from './theatre';

const product = 'p-58';
const accepted = { kind: 'accepted', at: MONDAY_TEN, product };
const settled = (run: Play, step: string) =>
  run.signal('settled', { touchId: `${run.workflowId}/${step}`, settled: 'sent' });
const OFFER = {
  triggerId: 'gz-overage',
  product,
  template: 't-overage',
  expiresAt: '2090-03-06T04:00:00.000Z',
};
const LEAD = { leadId: 'l-1', product, outcome: 'not-reached', maxAttempts: 3 };

export const SCENARIOS: Readonly<Record<string, (theatre: Theatre) => Promise<Play>>> = {
  welcome: async ({ play }) => {
    const run = await play('welcome', {
      staffId: 's-1',
      externalUserId: 'w-1',
      welcomeCode: 'code-1',
      addedAt: MONDAY_TEN,
    });
    await run.end();
    return run;
  },
  'followUp-silent': async ({ play }) => {
    const run = await play('followUp', { staffId: 's-1', addedAt: MONDAY_TEN });
    await run.end();
    return run;
  },
  'monthStart-tasked-ordered': async ({ play }) => {
    const touches = {
      bill: taskedFor(24),
      upsell: [heldUntil('2090-03-08T01:00:00.000Z'), taskedFor(24)],
      remind: taskedFor(24),
    };
    const run = await play('monthStart', { billedAt: MONDAY_TEN }, { touches });
    await settled(run, 'bill');
    await run.advance({ days: 2 });
    await settled(run, 'upsell');
    await run.advance({ days: 4 });
    await run.signal('contact', accepted);
    await run.end();
    return run;
  },
  'monthStart-paused-opted-out': async ({ play }) => {
    const run = await play('monthStart', { billedAt: MONDAY_TEN });
    await run.signal('pause', { by: 'ops' });
    await run.advance({ days: 2 });
    await run.signal('resume', { by: 'ops' });
    await run.signal('contact', { kind: 'opted-out', at: MONDAY_TEN });
    await run.end();
    return run;
  },
  'overage-fallback-ordered': async ({ play }) => {
    const touches = { 'offer-wecom': taskedFor(1) };
    const run = await play(
      'overage',
      { ...OFFER, channel: 'wecom', fallback: ['sms'] },
      { touches },
    );
    await run.advance({ hours: 2 });
    await run.signal('contact', accepted);
    await run.end();
    return run;
  },
  'leadRetry-exhausted': async ({ play }) => {
    const run = await play('leadRetry', LEAD, {
      touches: { 'try-1-wecom': suppressed('consent'), 'try-2-call': SENT },
    });
    await run.end();
    return run;
  },
  'massSend-cancelled': async ({ play }) => {
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
    const run = await play('massSend', input, {
      massSendStates: async () => [{ touchId: 't-1', state: 'waiting' }],
    });
    await run.end();
    return run;
  },
};
