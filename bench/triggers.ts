// Events under fifty triggers on three servers, one told in twenty twice, with kills: what the specification says, no budget overspent.

import { runTriggerChaos } from '../test/support/triggerChaos';
import { withDatabase } from './database';
import { type Part, seeded, stopwatch } from './part';

const TRIGGERS = 50;
const EVENTS_A_CONTACT = 20;

export const triggerPart: Part = async ({ rows: events, kills, seed, log }) =>
  await withDatabase(log, async (connect) => {
    const watch = stopwatch();
    const contacts = Math.ceil(events / EVENTS_A_CONTACT);
    const counts = { events, contacts, triggers: TRIGGERS, kills };
    const result = await runTriggerChaos({ ...counts, random: seeded(seed), connect });
    for (const line of [...result.different, ...result.overspent, ...result.wrongRuns]) log(line);

    const count = (name: string, value: number) => ({ name, value, unit: '' });
    return [
      count('servers killed', result.killed),
      count('events told, repeats included', result.told),
      count('outcomes kept', result.outcomes),
      count('fired', result.fired),
      count('outcomes that differ from a second reading of the rules', result.different.length),
      count('budgets overspent', result.overspent.length),
      count('budgets called spent while units were left', result.refusedEarly.length),
      count('opportunities without exactly one run', result.wrongRuns.length),
      count('left in the inbox', result.left),
      { name: 'taken', value: Math.round(watch.stop().wall), unit: 's' },
    ];
  });
