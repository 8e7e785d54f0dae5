// The workflows of the worker: the names exported here are the workflow types.

export { calendar } from './flows/calendar';
export { lateOrder } from './flows/lateOrder';
export { massSend } from './flows/massSend';
export { reap } from './flows/reap';
export { reconcile } from './flows/reconcile';
export { sealLedger } from './flows/sealLedger';
export { sequenceStarts } from './flows/sequenceStarts';
export { taskReview } from './flows/taskReview';
export { wave } from './flows/wave';
export { waveReview } from './flows/waveReview';
export { birthday } from './journeys/birthday';
export { followUp } from './journeys/followUp';
export { leadRetry } from './journeys/leadRetry';
export { monthStart } from './journeys/monthStart';
export { overage } from './journeys/overage';
export { sequence } from './journeys/sequence';
export { welcome } from './journeys/welcome';
