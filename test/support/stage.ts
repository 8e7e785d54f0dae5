// Activities that answer as a test tells them, run by run, and remember what they were asked.

import { Context } from '@temporalio/activity';
import type { Activities, JourneyFacts, TouchInput, TouchVerdict } from '../../activities/contract';
import { HOUR_MS } from '../../rules/time/durations';

type Verb = keyof Activities;

/** What one run meets with. Everything has an answer unless a test gives another. */
export interface Script extends Partial<Omit<Activities, 'touch' | 'facts'>> {
  /** Answers by step; a list is used up one by one, its last answer stays. Default: sent. */
  readonly touches?: Readonly<Record<string, TouchAnswer | readonly TouchAnswer[]>>;
  readonly facts?: Partial<JourneyFacts> | ((asked: number) => Partial<JourneyFacts>);
  readonly timezone?: string;
  readonly staffId?: string;
}

/** A verdict, one made from the run's own time, or a failure to throw. */
export type TouchAnswer =
  | TouchVerdict
  | Error
  | ((input: TouchInput, nowMs: number) => TouchVerdict);

export interface Call {
  readonly verb: Verb;
  readonly input: unknown;
  /** ISO: the run's own time. */
  readonly at: string;
}

export interface Stage {
  readonly activities: Activities;
  /** Gives a run its script; must come before its start. */
  script(workflowId: string, script: Script): void;
  calls(workflowId: string): readonly Call[];
  /** `step#attempt` of every touch that was asked, once for each time it was asked. */
  asked(workflowId: string): string[];
}

const FACTS: JourneyFacts = {
  products: [],
  friends: ['s-1'],
  phoneKnown: true,
};
export const SENT: TouchVerdict = {
  verdict: 'sent',
  channelRef: 'ref',
  at: '2090-01-01T00:00:00.000Z',
};
export const suppressed = (reason: string): TouchVerdict => ({
  verdict: 'suppressed',
  reason,
  rule: reason,
});
export const heldUntil = (until: string): TouchVerdict => ({
  verdict: 'deferred',
  until,
  reason: 'quiet-hours',
  rule: 'night',
});
/** A task that staff may act on for so many hours. */
export const taskedFor =
  (hours: number, channelRef = 'msg-1'): TouchAnswer =>
  (_, nowMs) => ({
    verdict: 'tasked',
    channelRef,
    deadline: new Date(nowMs + hours * HOUR_MS).toISOString(),
  });

export function createStage(): Stage {
  const scripts = new Map<string, Script>();
  const calls = new Map<string, Call[]>();

  function enter(
    verb: Verb,
    input: unknown,
  ): { readonly script: Script; readonly nth: number; readonly nowMs: number } {
    const { workflowExecution, currentAttemptScheduledTimestampMs: nowMs } = Context.current().info;
    const workflowId = workflowExecution?.workflowId ?? '';
    const known = calls.get(workflowId) ?? [];
    calls.set(workflowId, [...known, { verb, input, at: new Date(nowMs).toISOString() }]);
    return {
      script: scripts.get(workflowId) ?? {},
      nth: known.filter((call) => call.verb === verb).length,
      nowMs,
    };
  }

  const activities: Activities = {
    async begin(input) {
      const { script } = enter('begin', input);
      const staffId = input.staffId ?? script.staffId ?? 's-1';
      const templates = Object.fromEntries(input.templates.map((id) => [id, `${id}@1`]));
      return (
        script.begin?.(input) ?? {
          city: 'guangzhou',
          timezone: script.timezone ?? 'Asia/Shanghai',
          staffId,
          templates,
        }
      );
    },
    async finish(input) {
      await enter('finish', input).script.finish?.(input);
    },
    async touch(input) {
      const { script, nowMs } = enter('touch', input);
      const before = (
        calls.get(Context.current().info.workflowExecution?.workflowId ?? '') ?? []
      ).filter((call) => call.verb === 'touch' && (call.input as TouchInput).step === input.step);
      const answers = [script.touches?.[input.step] ?? SENT].flat();
      const answer = answers[Math.min(before.length, answers.length) - 1] ?? SENT;
      if (answer instanceof Error) throw answer;
      return typeof answer === 'function' ? answer(input, nowMs) : answer;
    },
    async touchPage(input) {
      enter('touchPage', input);
      return input.touches.map(() => SENT);
    },
    async settleTouch(input) {
      return (await enter('settleTouch', input).script.settleTouch?.(input)) ?? true;
    },
    async facts(input) {
      const { script, nth } = enter('facts', input);
      return {
        ...FACTS,
        ...(typeof script.facts === 'function' ? script.facts(nth) : script.facts),
      };
    },
    async suggestPlan(input) {
      const { script } = enter('suggestPlan', input);
      return (
        (await script.suggestPlan?.(input)) ?? {
          product: 'p-58',
          currentPlan: 'p-38',
          catalogue: 'default@1',
        }
      );
    },
    async placeOrder(input) {
      return (
        (await enter('placeOrder', input).script.placeOrder?.(input)) ?? {
          orderId: 'o-1',
          state: 'accepted',
        }
      );
    },
    async tagCustomer(input) {
      await enter('tagCustomer', input).script.tagCustomer?.(input);
    },
    async reportLead(input) {
      await enter('reportLead', input).script.reportLead?.(input);
    },
    async massSendStates(input) {
      const { script } = enter('massSendStates', input);
      return script.massSendStates ? script.massSendStates(input) : null;
    },
    async remindMassSend(input) {
      return (await enter('remindMassSend', input).script.remindMassSend?.(input)) ?? true;
    },
    async cancelMassSend(input) {
      await enter('cancelMassSend', input).script.cancelMassSend?.(input);
    },
  };

  return {
    activities,
    script: (workflowId, script) => void scripts.set(workflowId, script),
    calls: (workflowId) => calls.get(workflowId) ?? [],
    asked: (workflowId) =>
      (calls.get(workflowId) ?? [])
        .filter(({ verb }) => verb === 'touch')
        .map(({ input }) => `${(input as TouchInput).step}#${(input as TouchInput).attempt}`),
  };
}
