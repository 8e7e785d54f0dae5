// Activities as workflows call them, each in the retry class that its failure deserves.
// What can never succeed comes back as a non-retryable ApplicationFailure; everything else is an outage that passes.

import type { Activities } from '../../activities/contract';
import { proxyActivities, proxyLocalActivities } from './temporal';

/** An outage of hours must not lose a touch: tried again for as long as it takes, at most a minute apart. */
const PATIENT = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' } as const;

/** Reaches a provider: an attempt without an answer counts as lost after a minute, then the provider's record is asked. */
export const { touch, tagCustomer, reportLead, massSendStates, remindMassSend, cancelMassSend } =
  proxyActivities<Activities>({ startToCloseTimeout: '1m', retry: PATIENT });

/** Many touches at once: what was done before an attempt was lost stays done. */
export const { settleMassSend, withdrawFromMassSend, closeMassSend, reviewTaskPage } =
  proxyActivities<Activities>({ startToCloseTimeout: '5m', retry: PATIENT });

/** Pages of records of other systems. One that cannot be read for so long is left for the next look. */
export const { bookPage } = proxyActivities<Activities>({
  startToCloseTimeout: '2m',
  scheduleToCloseTimeout: '30m',
  retry: PATIENT,
});

/** The same for a flow that comes again in minutes, whose other parts must not wait for a system that is away. */
export const { bookPage: bookPageSoon } = proxyActivities<Activities>({
  startToCloseTimeout: '2m',
  scheduleToCloseTimeout: '3m',
  retry: PATIENT,
});

/**
 * Our own database, and the one short call of an order: one event of history each. All may be repeated. Retries beyond some
 * seconds become timers of the server, for a local activity that waits inside the worker costs a workflow task every few seconds.
 */
export const {
  begin,
  finish,
  facts,
  contactZone,
  isPublished,
  suggestPlan,
  reviewTouch,
  withdrawTouch,
  settleTouch,
  placeOrder,
  returnAcceptances,
  saveBookReport,
  sequencePlan,
  stepDate,
  stepApplies,
  hasTag,
  keepStep,
} = proxyLocalActivities<Activities>({
  startToCloseTimeout: '20s',
  localRetryThreshold: '1500ms',
  retry: PATIENT,
});

/** What a calendar starts next. No local activity: it asks the time, and only these know the one of a run whose clock is skipped. */
export const { calendarAgenda } = proxyActivities<Activities>({
  startToCloseTimeout: '1m',
  retry: PATIENT,
});

/** Steps of sequences that read the clock, or start runs. */
export const { openTask, endTasks, addTags, setStage, enterSequence } = proxyActivities<Activities>(
  {
    startToCloseTimeout: '1m',
    retry: PATIENT,
  },
);

/** A page of the daily look for contacts whose date has come. */
export const { datedSequences, duePage } = proxyActivities<Activities>({
  startToCloseTimeout: '5m',
  retry: PATIENT,
});

/** Hundreds of touches and more a call, which says every ten seconds that its worker lives; what was done before stays done. */
export const { wavePage, waveDuePage, reviewWaveTasks } = proxyActivities<Activities>({
  startToCloseTimeout: '5m',
  heartbeatTimeout: '1m',
  retry: PATIENT,
});

/** Reads hours of the ledger and writes their seals; a try that is given up on leaves nothing that counts. */
export const { sealHours } = proxyActivities<Activities>({
  startToCloseTimeout: '10m',
  retry: PATIENT,
});
