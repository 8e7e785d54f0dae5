import { BY_SOPFLOW, isRepeatedAct, refusedAct, type StaffTaskAct, taskDueAt } from './staffTask';

const TASK = {
  state: 'open',
  dueAt: '2026-03-02T02:00:00.000Z',
  expiresAt: '2026-03-04T02:00:00.000Z',
} as const;

const anAct = (fields: Partial<StaffTaskAct> = {}): StaffTaskAct => ({
  ...{ did: 'done', by: 's-1', at: '2026-03-02T03:00:00.000Z' },
  ...fields,
});

it('is acted on while it is open and has not expired', () => {
  expect(refusedAct(TASK, anAct())).toBeNull();
  expect(refusedAct({ ...TASK, state: 'missed' }, anAct())).toEqual({
    ...{ why: 'not-open', value: 'missed' },
  });
  expect(refusedAct(TASK, anAct({ at: '2026-03-04T01:59:59.999Z' }))).toBeNull();
  expect(refusedAct(TASK, anAct({ at: TASK.expiresAt }))).toEqual({
    ...{ why: 'expired', value: TASK.expiresAt },
  });
});

it('is missed by sopflow after its expiry', () => {
  const missed = anAct({ did: 'missed', by: BY_SOPFLOW, at: TASK.expiresAt });
  expect(refusedAct(TASK, missed)).toBeNull();
});

it('is postponed to a later time before it expires', () => {
  const to = (until: string) => refusedAct(TASK, anAct({ did: 'postponed', until }))?.why;
  expect(to('2026-03-03T02:00:00.000Z')).toBeUndefined();
  expect(to('2026-03-02T03:00:00.000Z')).toBe('until-past');
  expect(to(TASK.expiresAt)).toBe('until-expired');
});

it('is due at the time it was postponed to', () => {
  expect(taskDueAt(TASK)).toBe(TASK.dueAt);
  expect(taskDueAt({ ...TASK, postponedUntil: 'later' })).toBe('later');
});

it('knows a repeat by who did what, and until when', () => {
  const acts = [anAct({ did: 'postponed', until: 'a' })];
  expect(isRepeatedAct(acts, anAct({ did: 'postponed', until: 'a', at: 'later' }))).toBe(true);
  expect(isRepeatedAct(acts, anAct({ did: 'postponed', until: 'b' }))).toBe(false);
  expect(isRepeatedAct(acts, anAct({ did: 'postponed', until: 'a', by: 's-2' }))).toBe(false);
  expect(isRepeatedAct([], anAct())).toBe(false);
});
