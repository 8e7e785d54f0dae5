// What conditions read of an event under `event.`: the same names, whichever of them the system that reports it uses.

import type { CustomerEvent } from './event.schema';

type Data = Readonly<Record<string, unknown>>;

/**
 * The data of an event as conditions see it (docs/operations.md lists the names). Usage has the share of data as `dataUsedPct`,
 * `percent` and `data.percent`, a bill what is due as `billDueFen` and `dueFen`. What the customer wrote is not in it: it is personal.
 */
export function dataOfEvent(event: CustomerEvent): Data {
  switch (event.type) {
    case 'usage':
      return usageData(event.data);
    case 'bill':
      return { ...event.data, dueFen: event.data.billDueFen };
    case 'message':
    case 'customer-message': {
      const { text: _personal, ...data } = event.data;
      return data;
    }
    default:
      return event.data;
  }
}

function usageData(told: Extract<CustomerEvent, { readonly type: 'usage' }>['data']): Data {
  const { dataUsedPct: percent } = told;
  if (percent === undefined) return told;
  return { ...told, percent, data: { ...told.data, percent } };
}
