// The race as a part of the bench: a crowd of contacts and a single hot one, and what of each is printed.

import { withDatabase } from './database';
import { type Figure, type Part, stopwatch } from './part';
import { type RaceOptions, type RaceResult, race } from './race';

const races = (contacts: number): Readonly<Record<string, Omit<RaceOptions, 'seed'>>> => ({
  race: { contacts, campaigns: 50, workers: 4, contactsAtOnce: 4, cap: 3, meddlers: 2 },
  'hot contact': {
    contacts: 1,
    campaigns: 50,
    workers: 4,
    contactsAtOnce: 1,
    cap: 60,
    meddlers: 0,
  },
});

export const racePart: Part = async ({ seed, contacts, log }) => {
  const figures: Figure[] = [];

  for (const [name, options] of Object.entries(races(contacts))) {
    const watch = stopwatch();
    const result = await withDatabase(log, (connect) => race(connect, { ...options, seed }));
    log(`${name}: ${JSON.stringify(result)}`);

    for (const [what, value] of Object.entries(countsOf(result)))
      figures.push({ name: `${name}: ${what}`, value, unit: '' });
    figures.push({ name: `${name}: taken`, value: Math.round(watch.stop().wall), unit: 's' });
  }

  return figures;
};

function countsOf(result: RaceResult): Readonly<Record<string, number>> {
  const { retries } = result;

  return {
    touches: result.touches,
    violations: result.violations,
    'passes after a withdrawal': result.afterWithdrawal,
    'taken twice': result.twice,
    withdrawals: result.withdrawals,
    'policies published': result.policies,
    'gave up': result.gaveUp,
    'most retries of a touch': retries.length - 1,
    'touches without a retry': retries[0] ?? 0,
    'touches with 1 retry': retries[1] ?? 0,
    'touches with 2 to 4 retries': sum(retries.slice(2, 5)),
    'touches with 5 retries or more': sum(retries.slice(5)),
  };
}

const sum = (counts: readonly number[]): number =>
  counts.reduce((total, count) => total + count, 0);
