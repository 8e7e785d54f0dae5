import { audienceFeature, originFields } from './origin';

const RUN = { workflowId: 'w-1', runId: 'r-1' };

test('the ledger says which part of which journey, calendar or system asked', () => {
  const journey = { kind: 'journey', journey: 'overage', step: 'offer-wecom', ...RUN } as const;
  const wave = { kind: 'wave', calendar: 'k-1', slot: 's-1', date: '2026-03-02', ...RUN } as const;
  const message = {
    kind: 'message-centre',
    system: 'billing',
    messageType: 'invoice',
    ...RUN,
  } as const;

  expect(originFields(journey)).toEqual({ journey: 'overage', step: 'offer-wecom', ...RUN });
  expect(originFields(wave)).toEqual({ journey: 'calendar/k-1', step: 's-1', ...RUN });
  expect(originFields(message)).toEqual({ journey: 'system/billing', step: 'invoice', ...RUN });
});

test('only a journey that picks its audience by a personal feature rests on one', () => {
  const overage = { kind: 'journey', journey: 'overage', step: 'offer', ...RUN } as const;
  const welcome = { kind: 'journey', journey: 'welcome', step: 'welcome', ...RUN } as const;

  expect(audienceFeature(overage)).toBe('dataUsedPct');
  expect(audienceFeature(welcome)).toBeUndefined();
});

test('a wave, and a step of a sequence, rest on the feature that they pick by', () => {
  const wave = { kind: 'wave', calendar: 'k-1', slot: 's-1', date: '2026-03-02', ...RUN } as const;
  const sequence = { kind: 'journey', journey: 'sequence', step: 'day-3', ...RUN } as const;

  expect(audienceFeature({ ...wave, pickedBy: 'plan' })).toBe('plan');
  expect(audienceFeature(wave)).toBeUndefined();
  expect(audienceFeature({ ...sequence, pickedBy: 'birthday' })).toBe('birthday');
  expect(audienceFeature(sequence)).toBeUndefined();
});
