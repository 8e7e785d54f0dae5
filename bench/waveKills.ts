// A wave over the whole product as `npm start` supervises it, with two servers and two workers, some of which are killed in its
// middle: nobody is reached twice, and nobody is lost.

import { until } from '../test/e2e/reach';
import { waveUnderKills } from '../test/e2e/waveUnderKills';
import type { Figure, Part } from './part';
import { startProduct } from './product';

/** A kill for so many contacts. */
const CONTACTS_A_KILL = 500;
const FIRST = ['server', 'worker'] as const;
const SECOND = ['server2', 'worker2'] as const;
const READY_MS = 120_000;

export const waveKillsPart: Part = async ({ contacts, log }) => {
  const product = await startProduct(log);
  let strikes = 0;
  let isClean = false;

  try {
    const strike = async (): Promise<void> => {
      const isFirst = strikes++ % 2 === 0;
      for (const name of isFirst ? FIRST : SECOND) product.kill(name);
      await until('everything after the kill', () => product.ready(), READY_MS);
    };
    const kills = Math.ceil(contacts / CONTACTS_A_KILL);
    const found = await waveUnderKills({ ...product, strike }, { contacts, kills, log });
    isClean = found.receivedTwice + found.lost + found.violations === 0;

    const figure = (name: string, value: number, unit = ''): Figure => ({ name, value, unit });
    return [
      ...Object.entries(found.numbers)
        .filter(([, count]) => count > 0)
        .map(([state, count]) => figure(`contacts ${state}`, count)),
      figure('kills', found.kills),
      figure('received', found.received),
      figure('received twice', found.receivedTwice),
      figure('sent but not received', found.lost),
      figure('ledger rows', found.ledgerRows),
      figure('violations', found.violations),
      figure('taken', found.seconds, 's'),
    ];
  } finally {
    if (!isClean) log(`logs are kept in ${product.logs}`);
    await product.stop(!isClean);
  }
};
