import { MINUTE_MS } from '../time/durations';
import { type AnsweredAct, actKey, hasActed, isAnswerInTime } from './answeredAct';
import type { Contact } from './contact';

const AT = '2026-03-02T04:00:00.000Z';
const ADDED: AnsweredAct = { act: 'added', at: AT, ref: 's-1' };
const friendSince = (addedAt: string): Contact => ({
  contactId: 'c-1',
  city: 'yunfu',
  channels: {},
  touches: [],
  revision: 0,
  profileRevision: 0,
  relations: [{ staffId: 's-1', externalUserId: 'wm-1', state: 'friend', addedAt }],
});

test.each([
  [0, true],
  [5, true],
  [-5, true],
  [5.01, false],
  [-5.01, false],
])('an answer %p minutes after the act is in time: %p', (minutes, inTime) => {
  expect(isAnswerInTime(ADDED, Date.parse(AT) + minutes * MINUTE_MS)).toBe(inTime);
});

test('who was added is a friend since then, or since a later word of the same friendship', () => {
  expect(hasActed(friendSince(AT), ADDED)).toBe(true);
  expect(hasActed(friendSince('2026-03-02T04:00:30.000Z'), ADDED)).toBe(true);
  expect(hasActed(friendSince('2026-03-02T03:59:00.000Z'), ADDED)).toBe(false);
  expect(hasActed(friendSince(AT), { ...ADDED, ref: 's-2' })).toBe(false);
});

test('acts are told apart by what they are, what they are about, and when', () => {
  const acts = [ADDED, { ...ADDED, ref: 's-2' }, { ...ADDED, act: 'accepted' as const }];
  expect(new Set(acts.map(actKey)).size).toBe(3);
});
