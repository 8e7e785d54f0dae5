import fc from 'fast-check';
import type { ChannelName } from '../contact/contact';
import { HOUR_MS } from '../time/durations';
import { type Attempt, isFinalOutcome, type LadderState, LEAD_OUTCOMES, nextRung } from './lead';

const at = (text: string): number => Date.parse(text);
const TEN = at('2026-03-02T10:00:00+08:00');

const aLadder = (over: Partial<LadderState> = {}): LadderState => ({
  lead: { outcome: 'not-reached', at: TEN },
  tried: [],
  friends: ['s-1'],
  phoneKnown: true,
  closed: [],
  maxAttempts: 5,
  zone: 'Asia/Shanghai',
  ...over,
});
const anAttempt = (over: Partial<Attempt> = {}): Attempt => ({
  channel: 'call',
  at: TEN,
  outcome: 'not-reached',
  ...over,
});

test('a fresh lead that was not reached is tried at once on the least intrusive channel', () => {
  expect(nextRung(aLadder())).toEqual({ kind: 'try', channel: 'wecom', staffId: 's-1', at: TEN });
  expect(nextRung(aLadder({ friends: [] }))).toEqual({ kind: 'try', channel: 'call', at: TEN });
});

test('a hesitating customer gets the second call on the same day', () => {
  const rung = nextRung(aLadder({ tried: [anAttempt({ outcome: 'hesitating' })] }));
  expect(rung).toMatchObject({ kind: 'try', channel: 'call', at: at('2026-03-02T12:00:00+08:00') });
});

test('who hesitates late in the evening is called the next morning', () => {
  const late = at('2026-03-02T19:00:00+08:00');
  const rung = nextRung(aLadder({ tried: [anAttempt({ outcome: 'hesitating', at: late })] }));
  expect(rung).toMatchObject({ at: at('2026-03-03T09:30:00+08:00') });
});

test('a busy line is tried again two hours later', () => {
  const rung = nextRung(aLadder({ lead: { outcome: 'busy', at: TEN } }));
  expect(rung).toMatchObject({ channel: 'call', at: TEN + 2 * HOUR_MS });
});

test('who was not reached is tried in another band of the day and on another channel', () => {
  const first = anAttempt({ channel: 'wecom', staffId: 's-1' });
  expect(nextRung(aLadder({ tried: [first] }))).toMatchObject({
    channel: 'call',
    at: at('2026-03-02T14:30:00+08:00'),
  });
  const second = anAttempt({ channel: 'call', at: at('2026-03-02T14:30:00+08:00') });
  expect(nextRung(aLadder({ tried: [first, second] }))).toMatchObject({
    channel: 'sms',
    at: at('2026-03-02T19:00:00+08:00'),
  });
  const third = anAttempt({ channel: 'sms', at: at('2026-03-02T19:00:00+08:00') });
  expect(nextRung(aLadder({ tried: [first, second, third] }))).toMatchObject({
    channel: 'wecom',
    at: at('2026-03-03T09:30:00+08:00'),
  });
});

test('another member tries when one was ignored', () => {
  const tried = [anAttempt({ channel: 'wecom', staffId: 's-1' })];
  const rung = nextRung(aLadder({ tried, friends: ['s-1', 's-2'], phoneKnown: false }));
  expect(rung).toMatchObject({ channel: 'wecom', staffId: 's-2' });
});

test('a channel that the gate closed is left out', () => {
  expect(nextRung(aLadder({ closed: ['wecom', 'call'] }))).toMatchObject({ channel: 'sms' });
  expect(nextRung(aLadder({ closed: ['wecom', 'call', 'sms'] }))).toEqual({
    kind: 'end',
    outcome: 'exhausted',
  });
});

test('without phone and friend there is no relation to try', () => {
  expect(nextRung(aLadder({ friends: [], phoneKnown: false }))).toEqual({
    kind: 'end',
    outcome: 'no-relation',
  });
});

test('nothing is tried once the lead has expired', () => {
  const expiresAt = at('2026-03-02T14:30:00+08:00');
  expect(nextRung(aLadder({ tried: [anAttempt()], expiresAt }))).toEqual({
    kind: 'end',
    outcome: 'exhausted',
  });
});

const outcomes = fc.constantFrom(...LEAD_OUTCOMES);
const channels = fc.constantFrom<ChannelName>('wecom', 'call', 'sms');
const ladders = fc
  .record({
    outcome: outcomes,
    answers: fc.array(outcomes, { minLength: 12, maxLength: 12 }),
    friends: fc.uniqueArray(fc.constantFrom('s-1', 's-2', 's-3')),
    phoneKnown: fc.boolean(),
    closed: fc.uniqueArray(channels),
    maxAttempts: fc.integer({ min: 1, max: 10 }),
    start: fc.integer({ min: 0, max: 365 * 24 * 60 }),
    zone: fc.constantFrom('Asia/Shanghai', 'America/New_York', 'Asia/Urumqi'),
  })
  .map(({ outcome, answers, start, ...rest }) => ({
    answers,
    state: {
      ...rest,
      lead: { outcome, at: at('2026-01-01T00:00:00Z') + start * 60_000 },
      tried: [] as Attempt[],
    },
  }));

test('every ladder ends: within its attempts, forward in time, and never after a final outcome', () => {
  fc.assert(
    fc.property(ladders, ({ state, answers }) => {
      let tried: Attempt[] = [];
      for (const outcome of answers) {
        const last = tried.at(-1) ?? state.lead;
        const rung = nextRung({ ...state, tried });
        if (isFinalOutcome(last.outcome))
          expect(rung).toEqual({ kind: 'end', outcome: last.outcome });
        if (rung.kind === 'end') return;
        expect(rung.at).toBeGreaterThanOrEqual(last.at);
        if (tried.length > 0) expect(rung.at).toBeGreaterThan(last.at);
        expect(state.closed).not.toContain(rung.channel);
        tried = [
          ...tried,
          {
            channel: rung.channel,
            at: rung.at,
            outcome,
            ...(rung.staffId && { staffId: rung.staffId }),
          },
        ];
        expect(tried.length).toBeLessThanOrEqual(state.maxAttempts);
      }
      throw new Error(`the ladder went on after ${tried.length} attempts`);
    }),
  );
});
