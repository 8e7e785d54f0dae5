// The workflows of the worker: the names exported here are the workflow types.

export { followUp } from './followUp';
export { leadRetry } from './leadRetry';
export { massSend } from './massSend';
export { monthStart } from './monthStart';
export { overage } from './overage';
export { welcome } from './welcome';
