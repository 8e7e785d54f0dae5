// Activities that answer as a test says, run by run, and remember what they were asked.

import { Context } from '@temporalio/activity';
import type {
  Activities,
  EndTasksInput,
  JourneyFacts,
  TouchInput,
  TouchVerdict,
  WaveStep,
} from '../activities/contract';
import { waveNumbers } from '../rules/calendar/wave';
import type { TaskSettled } from '../rules/journey/messages';
import { SENT, type TouchAnswer } from './answers';

type ActivityName = keyof Activities;

/** What one run meets with. Everything has an answer unless a test gives another. */
export interface Script extends Partial<Omit<Activities, 'touch' | 'facts'>> {
  /** Answers by step; a list is used up one by one, its last answer stays. Default: sent. */
  readonly touches?: Readonly<Record<string, TouchAnswer | readonly TouchAnswer[]>>;
  /** `asked`: how often they were asked before. */
  readonly facts?: Partial<JourneyFacts> | ((asked: number) => Partial<JourneyFacts>);
  readonly timezone?: string;
  readonly staffId?: string;
}

export interface ActivityCall {
  readonly activity: ActivityName;
  readonly input: unknown;
  /** ISO: the run's own time. */
  readonly at: string;
}

/** A touch that was asked, and what the script answered. */
export interface AskedTouch {
  readonly input: TouchInput;
  readonly verdict: TouchVerdict;
  readonly at: string;
}

export interface ScriptedActivities {
  readonly activities: Activities;
  /** Gives a run its script; must come before its start. */
  prepare(workflowId: string, script: Script): void;
  calls(workflowId: string): readonly ActivityCall[];
  touches(workflowId: string): readonly AskedTouch[];
}

/** What is kept of one run. */
interface Recording {
  readonly script: Script;
  readonly calls: ActivityCall[];
  readonly touches: AskedTouch[];
}

/** One call of an activity: the script of its run, and when it came. */
interface CallContext extends Recording {
  readonly nowMs: number;
  /** How often the same activity of this run was called before. */
  readonly before: number;
}

export function createScriptedActivities(): ScriptedActivities {
  const recordings = new Map<string, Recording>();
  const recordingOf = (workflowId: string): Recording =>
    recordings.get(workflowId) ?? { script: {}, calls: [], touches: [] };

  function record(activity: ActivityName, input: unknown): CallContext {
    const { workflowExecution, currentAttemptScheduledTimestampMs: nowMs } = Context.current().info;
    const workflowId = workflowExecution?.workflowId ?? '';
    const recording = recordingOf(workflowId);
    const before = recording.calls.filter((call) => call.activity === activity).length;

    recordings.set(workflowId, recording);
    recording.calls.push({ activity, input, at: new Date(nowMs).toISOString() });

    return { ...recording, nowMs, before };
  }

  return {
    activities: {
      ...touchActivities(record),
      ...journeyActivities(record),
      ...massSendActivities(record),
      ...bookActivities(record),
      ...waveActivities(record),
      ...calendarActivities(record),
      ...sequenceActivities(record),
    },
    prepare: (workflowId, script) =>
      void recordings.set(workflowId, { script, calls: [], touches: [] }),
    calls: (workflowId) => recordingOf(workflowId).calls,
    touches: (workflowId) => recordingOf(workflowId).touches,
  };
}

type Recorder = (activity: ActivityName, input: unknown) => CallContext;
type MassSendActivity =
  | 'settleMassSend'
  | 'withdrawFromMassSend'
  | 'closeMassSend'
  | 'isPublished'
  | 'reviewTaskPage'
  | 'massSendStates'
  | 'remindMassSend'
  | 'cancelMassSend';
type CalendarActivity = 'calendarAgenda';
type BookActivity = 'bookPage' | 'saveBookReport';

type SequenceActivity =
  | 'sequencePlan'
  | 'stepDate'
  | 'stepApplies'
  | 'hasTag'
  | 'addTags'
  | 'setStage'
  | 'keepStep'
  | 'enterSequence'
  | 'datedSequences'
  | 'duePage'
  | 'openTask'
  | 'endTasks';

type WaveActivity = 'wavePage' | 'waveDuePage' | 'reviewWaveTasks';

type TouchActivity = 'touch' | 'touchPage' | 'reviewTouch' | 'withdrawTouch' | 'settleTouch';

function touchActivities(record: Recorder): Pick<Activities, TouchActivity> {
  return {
    async touch(input) {
      return answerTouch(record('touch', input), input);
    },
    async touchPage(input) {
      record('touchPage', input);
      return input.touches.map(() => SENT);
    },
    async reviewTouch(input) {
      return (await record('reviewTouch', input).script.reviewTouch?.(input)) ?? { stands: true };
    },
    async withdrawTouch(input) {
      await record('withdrawTouch', input).script.withdrawTouch?.(input);
    },
    async settleTouch(input) {
      return (await record('settleTouch', input).script.settleTouch?.(input)) ?? true;
    },
  };
}

function journeyActivities(
  record: Recorder,
): Omit<
  Activities,
  | TouchActivity
  | MassSendActivity
  | BookActivity
  | CalendarActivity
  | WaveActivity
  | SequenceActivity
> {
  return {
    async begin(input) {
      const { script } = record('begin', input);
      return script.begin?.(input) ?? begun(script, input);
    },
    async finish(input) {
      await record('finish', input).script.finish?.(input);
    },
    async facts(input) {
      const { script, before } = record('facts', input);
      return {
        ...FACTS,
        ...(typeof script.facts === 'function' ? script.facts(before) : script.facts),
      };
    },
    async contactZone(input) {
      const { script } = record('contactZone', input);
      return (await script.contactZone?.(input)) ?? { timezone: script.timezone ?? SHANGHAI };
    },
    async suggestPlan(input) {
      return (await record('suggestPlan', input).script.suggestPlan?.(input)) ?? SUGGESTION;
    },
    async placeOrder(input) {
      return (await record('placeOrder', input).script.placeOrder?.(input)) ?? ORDER;
    },
    async returnAcceptances(input) {
      await record('returnAcceptances', input).script.returnAcceptances?.(input);
    },
    async tagCustomer(input) {
      await record('tagCustomer', input).script.tagCustomer?.(input);
    },
    async reportLead(input) {
      await record('reportLead', input).script.reportLead?.(input);
    },
    async sealHours(input) {
      const { script } = record('sealHours', input);
      return (await script.sealHours?.(input)) ?? { sealed: 0, until: null, more: false };
    },
  };
}

function massSendActivities(record: Recorder): Pick<Activities, MassSendActivity> {
  return {
    async settleMassSend(input) {
      return (await record('settleMassSend', input).script.settleMassSend?.(input)) ?? 0;
    },
    async withdrawFromMassSend(input) {
      const { script } = record('withdrawFromMassSend', input);
      return (await script.withdrawFromMassSend?.(input)) ?? 0;
    },
    async closeMassSend(input) {
      await record('closeMassSend', input).script.closeMassSend?.(input);
    },
    async isPublished(input) {
      return (await record('isPublished', input).script.isPublished?.(input)) ?? true;
    },
    async reviewTaskPage(input) {
      const { script } = record('reviewTaskPage', input);
      return (await script.reviewTaskPage?.(input)) ?? { told: 0 };
    },
    async massSendStates(input) {
      const { script } = record('massSendStates', input);
      return script.massSendStates ? script.massSendStates(input) : null;
    },
    async remindMassSend(input) {
      return (await record('remindMassSend', input).script.remindMassSend?.(input)) ?? true;
    },
    async cancelMassSend(input) {
      await record('cancelMassSend', input).script.cancelMassSend?.(input);
    },
  };
}

function calendarActivities(record: Recorder): Pick<Activities, CalendarActivity> {
  return {
    async calendarAgenda(input) {
      const { script } = record('calendarAgenda', input);
      return (await script.calendarAgenda?.(input)) ?? NO_CALENDAR;
    },
  };
}

function sequenceActivities(record: Recorder): Pick<Activities, SequenceActivity> {
  return {
    async sequencePlan(input) {
      const { script } = record('sequencePlan', input);
      return (await script.sequencePlan?.(input)) ?? { steps: [], stopWhen: [], atEnd: [] };
    },
    async stepDate(input) {
      const { script } = record('stepDate', input);
      return (await script.stepDate?.(input)) ?? { date: input.date };
    },
    async stepApplies(input) {
      return (await record('stepApplies', input).script.stepApplies?.(input)) ?? true;
    },
    async hasTag(input) {
      return (await record('hasTag', input).script.hasTag?.(input)) ?? false;
    },
    async addTags(input) {
      await record('addTags', input).script.addTags?.(input);
    },
    async setStage(input) {
      await record('setStage', input).script.setStage?.(input);
    },
    async keepStep(input) {
      await record('keepStep', input).script.keepStep?.(input);
    },
    async enterSequence(input) {
      const { script } = record('enterSequence', input);
      return (await script.enterSequence?.(input)) ?? { entered: true };
    },
    async datedSequences(input) {
      const { script } = record('datedSequences', input);
      return (await script.datedSequences?.(input)) ?? { sequences: [] };
    },
    async duePage(input) {
      return (await record('duePage', input).script.duePage?.(input)) ?? NOBODY_DUE;
    },
    async openTask(input) {
      await record('openTask', input).script.openTask?.(input);
    },
    async endTasks(input) {
      const { script, nowMs } = record('endTasks', input);
      return (await script.endTasks?.(input)) ?? endedAsAsked(input, nowMs);
    },
  };
}

const NOBODY_DUE = { looked: 0, started: 0, repeated: 0, refused: 0, next: null };

const endedAsAsked = ({ taskIds, as }: EndTasksInput, nowMs: number): readonly TaskSettled[] =>
  taskIds.map((taskId) => ({ taskId, outcome: as, at: new Date(nowMs).toISOString() }));

function bookActivities(record: Recorder): Pick<Activities, BookActivity> {
  return {
    async bookPage(input) {
      return (await record('bookPage', input).script.bookPage?.(input)) ?? NOTHING_FOUND;
    },
    async saveBookReport(report) {
      await record('saveBookReport', report).script.saveBookReport?.(report);
    },
  };
}

function waveActivities(record: Recorder): Pick<Activities, WaveActivity> {
  return {
    async wavePage(input) {
      return (await record('wavePage', input).script.wavePage?.(input)) ?? ENDED_WAVE;
    },
    async waveDuePage(input) {
      return (await record('waveDuePage', input).script.waveDuePage?.(input)) ?? ENDED_WAVE;
    },
    async reviewWaveTasks(input) {
      const { script } = record('reviewWaveTasks', input);
      return (await script.reviewWaveTasks?.(input)) ?? { more: false };
    },
  };
}

const ENDED_WAVE: WaveStep = { state: 'ended', isWalked: true, numbers: waveNumbers([]) };
const SHANGHAI = 'Asia/Shanghai';
const NO_CALENDAR = { state: 'none', entries: [], until: '2026-01-01T00:00:00Z' } as const;
const NOTHING_FOUND = { looked: 0, found: {}, next: null };
const FACTS: JourneyFacts = { products: [], friends: ['s-1'], phoneKnown: true };
const SUGGESTION = { product: 'p-58', currentPlan: 'p-38', catalogue: 'default@1' };
const ORDER = { orderId: 'o-1', state: 'accepted' } as const;

const begun = (
  { timezone = SHANGHAI, staffId = 's-1' }: Script,
  input: { readonly staffId?: string; readonly templates: readonly string[] },
) => ({
  city: 'guangzhou',
  timezone,
  staffId: input.staffId ?? staffId,
  templates: Object.fromEntries(input.templates.map((id) => [id, `${id}@1`])),
});

function answerTouch(call: CallContext, input: TouchInput): TouchVerdict {
  const { script, touches, nowMs } = call;
  const asked = call.calls.filter(
    ({ activity, input: other }) =>
      activity === 'touch' && (other as TouchInput).step === input.step,
  ).length;
  const answers = [script.touches?.[input.step] ?? SENT].flat();
  const answer = answers[Math.min(asked, answers.length) - 1] ?? SENT;

  if (answer instanceof Error) throw answer;
  const verdict = typeof answer === 'function' ? answer(input, nowMs) : answer;
  touches.push({ input, verdict, at: new Date(nowMs).toISOString() });

  return verdict;
}
