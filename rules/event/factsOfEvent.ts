// What an event of ours says of the customer: what `sopflow people` answers, with the names that our events give it, and what we keep besides.

import { type DatedFact, type FactEvent, factOf } from '../contact/facts';
import type { CustomerEvent } from './event.schema';

/**
 * All of one time; none: it says nothing that is kept as a fact. A value of null removes what was known, so that facts that are told
 * together are never of two events. `occurredAt` is taken as it stands: no later than we heard of it.
 */
export function factsOfEvent(event: CustomerEvent): readonly DatedFact[] {
  const { eventId, occurredAt: asOf } = event;
  const known = factOf({ ...inWordsOfFacts(event), eventId }, asOf);
  const further = Object.entries(furtherFacts(event)).filter(([, value]) => value !== undefined);

  return [
    ...(known ? [known] : []),
    ...further.map(([name, value]) => ({ name, value, time: { asOf, eventId } })),
  ];
}

function inWordsOfFacts(event: CustomerEvent): Pick<FactEvent, 'type' | 'data'> {
  switch (event.type) {
    case 'usage':
      return { type: 'usage', data: { percent: event.data.dataUsedPct } };
    case 'bill':
      return { type: 'bill', data: { dueFen: event.data.billDueFen } };
    case 'customer-message':
      return { type: 'message', data: {} };
    default:
      return event;
  }
}

/** What `sopflow people` says nothing of. */
function furtherFacts(event: CustomerEvent): Readonly<Record<string, unknown>> {
  switch (event.type) {
    case 'usage':
      return { voiceUsedPct: event.data.voice?.percent, smsUsedPct: event.data.sms?.percent };
    case 'recharge':
      return { lastRechargeFen: event.data.amountFen ?? null };
    case 'contract':
      return { contractEndsOn: event.data.endsOn, contractProduct: event.data.product ?? null };
    case 'login':
      return { lastLoginAt: event.occurredAt, lastLoginWhere: event.data.where ?? null };
    case 'points':
      return pointFacts(event.data);
    case 'location-city':
      return { locationCity: event.data.city };
    default:
      return {};
  }
}

const pointFacts = ({
  balance,
  expiring,
  expiresOn,
}: Extract<CustomerEvent, { readonly type: 'points' }>['data']) => ({
  pointsBalance: balance,
  pointsExpiring: expiring ?? null,
  pointsExpireOn: expiresOn ?? null,
});
