// Servers of the intake that die while 20,000 shuffled events come in: each customer's in order, none lost, none twice.

import { runIntakeChaos } from '../test/support/intakeChaos';
import { withDatabase } from './database';
import { type Part, seeded, stopwatch } from './part';

const EVENTS = 20_000;
const LANES = 400;

export const intakePart: Part = async ({ kills, seed, log }) =>
  await withDatabase(log, async (connect) => {
    const watch = stopwatch();
    const random = seeded(seed);
    const result = await runIntakeChaos({ events: EVENTS, lanes: LANES, kills, random, connect });
    for (const { lane, effects } of result.wrong) log(`${lane}: ${effects.join(' ')}`);

    const count = (name: string, value: number) => ({ name, value, unit: '' });
    return [
      count('servers killed', result.killed),
      count('events that took effect', result.effects),
      count('customers out of order, or with something twice', result.wrong.length),
      count('lost', EVENTS - result.effects),
      count('left in the inbox', result.pending + result.parked),
      count('handled again after a kill', result.repeats),
      { name: 'taken', value: Math.round(watch.stop().wall), unit: 's' },
    ];
  });
