import fc from 'fast-check';
import { isCodedError } from '../base/errors';
import { DAY_MS } from '../time/durations';
import { formatInstant } from '../time/instant';
import { type CalendarLife, versionAt } from './life';
import {
  approve,
  endLife,
  newLife,
  pauseLife,
  resumeLife,
  standingVersions,
  stateOf,
} from './lifeChanges';

const AT = '2026-03-02T02:00:00.000Z';
const day = (days: number): string => formatInstant(Date.parse(AT) + days * DAY_MS);

const approved = (
  version: number,
  from?: string,
  life: CalendarLife = newLife('month-cycle'),
  at = AT,
) => approve(life, { version, from, author: 'ann', approvedBy: 'bob', at });
const act = { by: 'olga', at: AT, reason: 'a wrong price' };

const refusal = (change: () => unknown): object => {
  try {
    change();
  } catch (error) {
    if (isCodedError(error)) return { code: error.code, message: error.message };
  }
  throw new Error('nothing was refused');
};

describe('an approval', () => {
  it('takes over at once when it names no instant', () => {
    const life = approved(1);
    expect(life).toEqual({
      calendarId: 'month-cycle',
      state: 'active',
      takeovers: [{ version: 1, from: AT, author: 'ann', approvedBy: 'bob', at: AT }],
      revision: 1,
    });
    expect([stateOf(life, AT), versionAt(life, AT)]).toEqual(['active', 1]);
  });

  it('leaves the version before in force until its own instant', () => {
    const life = approved(2, day(3), approved(1));
    expect([0, 2.9, 3, 9].map((days) => versionAt(life, day(days)))).toEqual([1, 1, 2, 2]);
  });

  it('counts before an earlier one of the same instant', () => {
    const life = approved(3, day(3), approved(2, day(3)));
    expect(versionAt(life, day(3))).toBe(3);
  });

  it('goes between two takeovers, and gives way to the later one', () => {
    const life = approved(3, day(2), approved(2, day(4), approved(1)));
    expect([1, 2, 4].map((days) => versionAt(life, day(days)))).toEqual([1, 3, 2]);
  });

  it('is refused to the author of the version', () => {
    const own = { version: 1, author: 'ann', approvedBy: 'ann', at: AT };
    expect(refusal(() => approve(newLife('month-cycle'), own))).toEqual({
      code: 'FORBIDDEN',
      message: 'ann wrote month-cycle@1; it is approved by somebody else',
    });
  });

  it('is refused for an instant that is past', () => {
    expect(refusal(() => approved(1, day(-1)))).toEqual({
      code: 'INVALID_INPUT',
      message: `from: ${day(-1)} is past; allowed: an instant that is not before ${AT}`,
    });
  });

  it('does not wake a calendar that is paused', () => {
    expect(stateOf(approved(2, undefined, pauseLife(approved(1), act)), AT)).toBe('paused');
  });
});

describe('the life of a calendar', () => {
  const live = approved(1);
  const lives: Record<string, CalendarLife> = {
    draft: newLife('month-cycle'),
    approved: approved(1, day(1)),
    active: live,
    paused: pauseLife(live, act),
    ended: endLife(live, act),
  };

  it.each(Object.entries(lives))('is %s', (state, life) => {
    expect(stateOf(life, AT)).toBe(state);
  });

  it.each([
    ['pause', 'draft', 'month-cycle is draft; allowed: approve'],
    ['resume', 'approved', 'month-cycle is approved; allowed: approve, pause, end'],
    ['resume', 'active', 'month-cycle is active; allowed: approve, pause, end'],
    ['pause', 'paused', 'month-cycle is paused; allowed: approve, resume, end'],
    ['end', 'ended', 'month-cycle is ended; allowed: nothing; copy it under another id'],
  ] as const)('refuses to %s what is %s, and says what is allowed', (step, state, message) => {
    const steps = { pause: pauseLife, resume: resumeLife, end: endLife };
    const life = lives[state] ?? live;
    expect(refusal(() => steps[step](life, act))).toEqual({ code: 'CONFLICT', message });
  });

  it('takes no version once it is ended', () => {
    expect(refusal(() => approved(2, undefined, endLife(live, act)))).toMatchObject({
      code: 'CONFLICT',
    });
  });

  it('keeps who paused, resumed and ended it, when and why', () => {
    const later = { ...act, at: day(1), reason: 'mended' };
    const life = endLife(resumeLife(pauseLife(live, act), later), { ...act, at: day(2) });
    expect(life.acts).toEqual([
      { kind: 'paused', ...act },
      { kind: 'resumed', ...later },
      { kind: 'ended', ...act, at: day(2) },
    ]);
    expect(life.revision).toBe(4);
  });

  it('knows the versions that count from now on', () => {
    const life = approved(3, day(2), approved(2, undefined, approved(1), day(1)), day(1));
    expect(standingVersions(life, day(1))).toEqual([2, 3]);
    expect(standingVersions(newLife('x'), AT)).toEqual([]);
  });

  it('has in force what was approved last of all that has begun by then', () => {
    const approvals = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(approvals, fc.integer({ min: 0, max: 6 }), (days, asked) => {
        const life = days.reduce(
          (known, from, i) => approved(i + 1, day(from), known),
          newLife('month-cycle'),
        );
        const latest = Math.max(...days.filter((from) => from <= asked));
        const expected = latest === Number.NEGATIVE_INFINITY ? null : days.lastIndexOf(latest) + 1;
        expect(versionAt(life, day(asked))).toBe(expected);
      }),
    );
  });
});
