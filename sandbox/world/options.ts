// How the simulated world behaves: what happens of itself (only while `running`), and how people and systems react.

import { z } from 'zod';
import { LEAD_OUTCOMES } from '../../rules/journey/lead';

const rate = z.number().min(0).max(1);
const perMinute = z.number().min(0).max(100_000);
const seconds = z.number().min(0).max(86_400);
const weights = z.strictObject(
  Object.fromEntries(LEAD_OUTCOMES.map((outcome) => [outcome, z.number().min(0).optional()])),
);

/** Every field optional: what is not named stays as it is. */
export const worldChange = z
  .strictObject({
    running: z.boolean(),
    /**
     * How many times faster people and systems act than in life: divides every delay and multiplies every rate. Instants in
     * answers and the windows of the protocols (20 s welcome, 2 h token, caps by calendar) stay on the real clock, sopflow's own.
     */
    speed: z.number().positive().max(10_000),
    seed: z.number().int().min(0),
    friendsPerMinute: perMinute,
    usagePerMinute: perMinute,
    billsPerMinute: perMinute,
    paymentsPerMinute: perMinute,
    leadsPerMinute: perMinute,
    chatsPerMinute: perMinute,
    deletionsPerMinute: perMinute,
    /** Resignations in a year, as a share of all staff. */
    turnoverPerYear: z.number().min(0).max(100),
    /** Share of the day's activity that falls after 20:00. */
    eveningShare: rate,
    /** Share of what happens that falls to the liveliest customer in a hundred: only who is met often meets the limits. */
    livelyShare: rate,
    confirmRate: rate,
    /** Mean of a memoryless delay. */
    confirmDelayMinutes: z.number().min(0).max(10_000),
    /** What a customer does on receiving something; the rest is silence. */
    acceptRate: rate,
    /** Of texts with a link of ours. */
    openRate: rate,
    refuseRate: rate,
    chatRate: rate,
    optOutRate: rate,
    reactionDelaySeconds: seconds,
    smsDelaySeconds: seconds,
    /** Of each part of a text; and how often a failed one turns out to have arrived after all. */
    smsFailRate: rate,
    smsCorrectionRate: rate,
    orderDelaySeconds: seconds,
    orderRejectRate: rate,
    callDelaySeconds: seconds,
    callOutcomes: weights,
    massCapMode: z.enum(['month', 'week', 'day']),
    /** A fresh mass send cannot be read for so long (41063). */
    dispatchSeconds: seconds,
  })
  .partial();

export type WorldChange = z.output<typeof worldChange>;
export type WorldOptions = {
  readonly [field in keyof WorldChange]-?: Exclude<WorldChange[field], undefined>;
};

/** The world before anybody changed it: still, and reacting as the figures of the trade say. */
export const restingWorld = (seed: number): WorldOptions => ({
  running: false,
  speed: 1,
  seed,
  friendsPerMinute: 6,
  usagePerMinute: 30,
  billsPerMinute: 10,
  paymentsPerMinute: 4,
  leadsPerMinute: 3,
  chatsPerMinute: 6,
  deletionsPerMinute: 0.5,
  turnoverPerYear: 1.1,
  eveningShare: 0.16,
  livelyShare: 0.2,
  confirmRate: 0.8,
  confirmDelayMinutes: 30,
  acceptRate: 0.01,
  openRate: 0.08,
  refuseRate: 0.02,
  chatRate: 0.05,
  optOutRate: 0.005,
  reactionDelaySeconds: 60,
  smsDelaySeconds: 1,
  smsFailRate: 0,
  smsCorrectionRate: 0,
  orderDelaySeconds: 2,
  orderRejectRate: 0,
  callDelaySeconds: 5,
  callOutcomes: {
    'not-reached': 0.4,
    busy: 0.15,
    hesitating: 0.15,
    refused: 0.2,
    'wrong-number': 0.03,
    accepted: 0.07,
  },
  massCapMode: 'month',
  dispatchSeconds: 2,
});
