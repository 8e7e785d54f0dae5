// Seals the hours of the ledger that are over; a schedule starts it after every full hour.

import type { JourneyResult } from '../../rules/journey/messages';
import { sealHours } from '../kit/proxies';
import { setCurrentDetails } from '../kit/temporal';

/** Of one run; a ledger that is years old when it is first sealed takes several. */
const MOST_TURNS = 300;

export async function sealLedger(_input: { readonly version: 1 }): Promise<JourneyResult> {
  let hours = 0;

  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const { sealed, until, more } = await sealHours({ version: 1 });
    hours += sealed;
    setCurrentDetails(`台账已封存至 the ledger is sealed until **${until ?? '-'}** (${hours} h)`);
    if (!more) break;
  }

  return { outcome: `sealed ${hours}` };
}
