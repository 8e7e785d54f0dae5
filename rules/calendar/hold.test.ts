import { UNDER_WAY, waveStateUnder } from './hold';
import type { CalendarLife, WavesAtEnd } from './life';
import { endLife, newLife, pauseLife, resumeLife } from './lifeChanges';
import { WAVE_STATES, type WaveState } from './wave';

const AT = '2026-03-02T02:00:00.000Z';
const act = { by: 'ann', at: AT, reason: 'a wrong price' };
const takeovers = [{ version: 1, from: AT, author: 'ann', approvedBy: 'bob', at: AT }];
const active: CalendarLife = { ...newLife('month'), takeovers };
const paused = pauseLife(active, act);
const resumed = resumeLife(paused, act);
const endedWith = (waves?: WavesAtEnd) => endLife(paused, { ...act, ...(waves && { waves }) });

const LIVES = [
  null,
  active,
  paused,
  resumed,
  endedWith(),
  endedWith('finish'),
  endedWith('cancel'),
];

const OVER: readonly WaveState[] = ['cancelled', 'ended', 'missed'];

it('a pause holds the waves that run', () => {
  expect(waveStateUnder(paused, 'running')).toBe('held');
});

it('whoever resumes lets go on what the pause held, and not what somebody had paused', () => {
  expect(waveStateUnder(resumed, 'held')).toBe('running');
  for (const life of [paused, resumed, endedWith()])
    expect(waveStateUnder(life, 'paused')).toBe('paused');
});

it('whoever ends it says whether the waves under way finish or are cancelled', () => {
  for (const life of [endedWith(), endedWith('finish')])
    expect(UNDER_WAY.map((state) => waveStateUnder(life, state))).toEqual([
      'running',
      'paused',
      'running',
    ]);
  for (const state of UNDER_WAY)
    expect(waveStateUnder(endedWith('cancel'), state)).toBe('cancelled');
});

it('a wave that is over stays so under every life', () => {
  for (const life of LIVES)
    for (const state of OVER) expect(waveStateUnder(life, state)).toBe(state);
});

it('what a life has made of a wave it leaves as it is', () => {
  for (const life of LIVES)
    for (const state of WAVE_STATES) {
      const once = waveStateUnder(life, state);
      expect(waveStateUnder(life, once)).toBe(once);
    }
});
