// All activities of the worker, built over ports. Workflows see only their types (contract.ts).

import { Context } from '@temporalio/activity';
import { calendarAgenda } from './agenda';
import { bookPage } from './book/page';
import type { Activities } from './contract';
import type { CallingRun, WorkerDeps } from './deps';
import { executionOf } from './execution';
import { withFailures } from './failures';
import { begin, contactZone, facts, finish } from './journey';
import { reportLead } from './lead';
import { closeMassSend, settleMassSend } from './massSend/settle';
import { withdrawFromMassSend } from './massSend/withdraw';
import { placeOrder, returnAcceptances, suggestPlan } from './order';
import { createPublished } from './published';
import { sealHours } from './seal';
import { addTags, hasTag, setStage } from './sequence/contact';
import { datedSequences, duePage, enterSequence } from './sequence/enter';
import { sequencePlan, stepApplies, stepDate } from './sequence/plan';
import { keepStep } from './sequence/steps';
import { settleTouch } from './settlement';
import { endStaffTasks, openStaffTask } from './staffTask';
import { isPublished, reviewTaskPage } from './taskReview';
import { requestOfJourney } from './touch/asked';
import { reviewTouch } from './touch/review';
import { touch, touchPage } from './touch/touch';
import { withdrawTouch } from './touch/withdraw';
import { type WaveCall, waveDuePage, wavePage } from './wave/page';
import { reviewWaveTasks } from './wave/review';
import { massSendStates, tagCustomer } from './wecom';

/** The run that asks. Standalone activities have none; ours are always asked by a workflow. */
function caller(): CallingRun {
  const execution = Context.current().info.workflowExecution;
  if (!execution) throw new Error('this activity must be called by a workflow');
  return execution;
}

/** Of this execution of an activity, and no other. */
function attemptName(): string {
  const { workflowExecution, activityId, attempt } = Context.current().info;
  return `${workflowExecution?.runId}-${activityId}-${attempt}`;
}

/** Milliseconds. */
const BEAT_MS = 10_000;

/** Says that this process lives, however slow a page is: only a call whose worker has died is taken for lost. */
async function beating<T>(work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), BEAT_MS);

  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}

export function createActivities(deps: WorkerDeps): Activities {
  const published = createPublished(deps.stores);
  const context = () => ({ deps, published, execution: executionOf(Context.current()) });

  const waveCall = (): WaveCall => ({
    ...context(),
    taskQueue: Context.current().info.taskQueue,
  });

  return {
    begin: withFailures((input) => begin(deps, published, caller(), input)),
    finish: withFailures(({ outcome }) => finish(deps, caller(), outcome)),
    touch: withFailures((input) => touch({ ...context(), caller: caller(), input })),
    touchPage: withFailures((input) => touchPage({ ...context(), caller: caller() }, input)),
    reviewTouch: withFailures((input) => reviewTouch(context(), requestOfJourney(input, caller()))),
    withdrawTouch: withFailures((input) => withdrawTouch(deps, input)),
    settleTouch: withFailures((input) => settleTouch(deps, input)),
    facts: withFailures(({ contactId }) => facts(deps, contactId)),
    contactZone: withFailures(({ contactId }) => contactZone(deps, published, contactId)),
    suggestPlan: withFailures(({ contactId }) => suggestPlan(deps, published, contactId)),
    placeOrder: withFailures((input) => placeOrder(deps, caller(), input)),
    returnAcceptances: withFailures((input) => returnAcceptances(deps, caller(), input)),
    tagCustomer: withFailures((input) => tagCustomer(deps, input)),
    reportLead: withFailures((input) => reportLead(deps, input)),
    massSendStates: withFailures((input) => massSendStates(deps, input)),
    settleMassSend: withFailures((input) => settleMassSend(deps, input)),
    withdrawFromMassSend: withFailures((input) => withdrawFromMassSend(context(), input)),
    closeMassSend: withFailures((input) => closeMassSend(deps, input)),
    isPublished: withFailures((input) => isPublished(deps, input)),
    reviewTaskPage: withFailures((input) => reviewTaskPage(deps, published, input)),
    remindMassSend: withFailures(({ msgid }) => deps.wecom.remindMassSend(msgid)),
    calendarAgenda: withFailures((input) => calendarAgenda(deps, input)),
    sealHours: withFailures(() => sealHours(deps, attemptName())),
    cancelMassSend: withFailures(({ msgid }) => deps.wecom.cancelMassSend(msgid)),

    wavePage: withFailures((input) => beating(() => wavePage(waveCall(), input))),
    waveDuePage: withFailures((input) => beating(() => waveDuePage(waveCall(), input))),

    reviewWaveTasks: withFailures(() => beating(() => reviewWaveTasks(context()))),

    sequencePlan: withFailures((input) => sequencePlan(deps, input)),
    stepDate: withFailures((input) => stepDate(deps, input)),
    stepApplies: withFailures((input) => stepApplies(deps, input)),
    hasTag: withFailures((input) => hasTag(deps, input)),
    addTags: withFailures((input) => addTags(deps, caller(), input)),
    setStage: withFailures((input) => setStage(deps, caller(), input)),
    keepStep: withFailures((input) => keepStep(deps, caller(), input)),
    enterSequence: withFailures((input) => enterSequence(deps, input)),
    datedSequences: withFailures(() => datedSequences(deps)),
    duePage: withFailures((input) => duePage(deps, input)),
    openTask: withFailures((input) => openStaffTask(deps, caller(), input)),
    endTasks: withFailures((input) => endStaffTasks(deps, input)),

    bookPage: withFailures((input) => bookPage(deps, input)),
    saveBookReport: withFailures((report) => deps.stores.bookReports.save(report)),
  };
}
