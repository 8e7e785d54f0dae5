// The keys by which the command line verifies a ledger: of the environment, or of the demo on this machine.

import { ledgerKeysOf, readConfig } from '../config';
import { dataPath } from '../embedded/datadir';
import { ledgerEnvironment, readDemo } from '../embedded/demo';
import type { KeyRing } from '../rules/ledger/keyRing';

/** Another deployment's keys are never those of the demo. */
export function findLedgerKeys(environment: NodeJS.ProcessEnv): KeyRing {
  const isGiven = environment.SOPFLOW_LEDGER_KEYS || environment.SOPFLOW_URL;
  const ofDemo = isGiven ? {} : ledgerEnvironment(readDemo(dataPath(environment)));

  return ledgerKeysOf(readConfig({ ...ofDemo, ...environment }));
}
