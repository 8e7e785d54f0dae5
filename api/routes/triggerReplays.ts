// Triggers played over the events of the last days, and enabled once that was done: nothing is sent while one is played.

import { z } from 'zod';
import { enabledTriggers, triggerOf } from '../../intake/triggers/inForce';
import type { TriggerReplayJob } from '../../reports/triggerReplay/jobs';
import { runTriggerReplay, type TriggerReplayReport } from '../../reports/triggerReplay/run';
import { CodedError } from '../../rules/base/errors';
import { versionRef } from '../../rules/base/ids';
import { snapshotsOf } from '../../rules/gate/policySnapshot';
import { reasonGiven } from '../../rules/input/input.schema';
import { parseWith } from '../../rules/input/parse';
import { strict } from '../../rules/input/shape.schema';
import { HOUR_MS } from '../../rules/time/durations';
import { enableVersion } from '../../rules/trigger/life';
import { EVERY_CITY } from '../../rules/trigger/trigger';
import { reasonWords } from '../../rules/words/reasons';
import * as answers from '../answers';
import { nowIso } from '../calendars';
import type { ApiDeps } from '../deps';
import { type Exchange, endpoint } from '../exchange';
import { policyInForce } from '../policies';
import { refuseFaults } from '../refuseFaults';
import { allows, unknown } from '../scope';
import {
  assertMayWrite,
  faultsOfTrigger,
  issueOfTrigger,
  keepTriggerLife,
  knownTrigger,
  seesTrigger,
  type TriggerVersion,
  triggerVersionView,
  visibleTriggerVersion,
} from '../triggers';
import { versionNumber } from './calendars';

const DAYS = 7;
/** A back-test says what would happen now: an old one says what would have happened. */
const FRESH_MS = 24 * HOUR_MS;

const job = z.looseObject({
  id: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  triggerId: z.string(),
  version: z.int(),
  days: z.int(),
  progress: z.object({ events: z.int() }),
  report: answers.anything.optional(),
  error: z.string().optional(),
});

export const backtestTrigger = endpoint({
  summary: [
    '回测商机规则：用近 7 天事件重放，含触达管控与员工确认量（不触达）',
    'Play a version of a trigger over the events of the last days, with the gate and the confirmations of staff; nothing is sent',
  ],
  body: strict({ days: z.int().min(1).max(31).default(DAYS) }),
  answer: job,
  async handle(exchange: Exchange<{ readonly days: number }>) {
    const { deps, caller, body } = exchange;
    const version = await versionOf(exchange);
    const { id: triggerId, version: number } = version;
    const input = await inputOf(exchange, version, body.days);
    const about = { triggerId, version: number, city: version.body.city, ...body };

    const started = deps.triggerReplays.start({ ...about, author: caller.name }, async (means) => {
      const report = await runTriggerReplay({ ...input, ...means });
      const at = nowIso(deps);
      await deps.stores.triggerLives.keepBacktest({
        ...{ triggerId, version: number, at, by: caller.name, report },
      });
      return report;
    });

    const location = `/api/v1/trigger-backtests/${started.id}`;
    return { status: 202, body: started, headers: { Location: location } };
  },
});

async function inputOf(
  { deps, caller }: Pick<Exchange, 'deps' | 'caller'>,
  version: TriggerVersion,
  days: number,
) {
  const { stores, timezone } = deps;
  const until = nowIso(deps);
  const policy = await policyInForce(stores, 'default', until);
  if (!policy) throw new CodedError('UNAVAILABLE', 'no policy is in force: nothing could be sent');

  const holidays = await stores.holidays.current('cn');
  const enabled = await enabledTriggers(stores);
  return {
    ...{ stores, timezone, until, days },
    tested: triggerOf(version),
    inForce: enabled.find((each) => each.id === version.id && seesTrigger(caller, each)),
    others: enabled.filter(({ id }) => id !== version.id),
    policyFor: snapshotsOf(policy.body, holidays?.body.days ?? {}),
  };
}

async function versionOf(
  exchange: Pick<Exchange, 'deps' | 'caller' | 'params'>,
): Promise<TriggerVersion> {
  const { caller, params } = exchange;
  const number = parseWith(versionNumber, params.version, 'version');
  const version = await visibleTriggerVersion(exchange, params.id ?? '', number);
  assertMayWrite(caller, version.id, version.body);
  return version;
}

export const enableTriggerVersion = endpoint({
  summary: [
    '启用商机规则版本（须 24 小时内回测过该版本，且无错误、不越护栏）',
    'Enable a version of a trigger: back-tested within 24 hours, without faults, within the guard-rails',
  ],
  body: strict({ reason: reasonGiven.exactOptional() }),
  answer: z.looseObject({ id: z.string(), version: z.int(), state: z.enum(['draft', 'enabled']) }),
  async handle(exchange: Exchange<{ readonly reason?: string }>) {
    const { deps, caller, body } = exchange;
    const version = await versionOf(exchange);
    const faults = await faultsOfTrigger(deps.stores, version.body);
    refuseFaults(version, 'enabled', faults.map(issueOfTrigger));
    await assertBacktested(deps, version);

    const { life, enabled } = await knownTrigger(deps.stores, version);
    if (enabled) assertMayWrite(caller, enabled.id, enabled.body); // it is taken out of force
    const act = { version: version.version, by: caller.name, at: nowIso(deps), ...body };
    const next = enableVersion(life, act);
    await keepTriggerLife(deps, next);
    return { body: triggerVersionView(next, version) };
  },
});

/** @throws CodedError CONFLICT without a back-test of exactly this version that is young enough */
async function assertBacktested(
  { stores, clock }: ApiDeps,
  { id, version }: TriggerVersion,
): Promise<void> {
  const backtest = await stores.triggerLives.findBacktest(id, version);
  const isFresh = backtest !== null && clock.now() - Date.parse(backtest.at) <= FRESH_MS;
  if (isFresh) return;

  const ref = versionRef(id, version);
  const what = backtest
    ? `the back-test of ${ref} is of ${backtest.at}`
    : `${ref} was not back-tested`;
  throw new CodedError(
    'CONFLICT',
    `${what}; allowed: one of the last 24 hours. Start it with POST /api/v1/triggers/${id}/versions/${version}:backtest`,
  );
}

export const listTriggerBacktests = endpoint({
  summary: ['商机规则回测列表（新在前）', 'Back-tests of triggers on this server, newest first'],
  answer: answers.listOf(job),
  handle: ({ deps, caller }) => ({
    body: {
      items: deps.triggerReplays
        .list()
        .filter(({ city }) => city === EVERY_CITY || allows(caller, city))
        .map(({ report: _report, ...rest }) => rest),
    },
  }),
});

export const showTriggerBacktest = endpoint({
  summary: [
    '商机规则回测的进度与结果',
    'How far a back-test of a trigger is, and at its end what it found',
  ],
  answer: job,
  handle: (exchange) => ({ body: shown(seen(exchange, 'find')) }),
});

export const cancelTriggerBacktest = endpoint({
  summary: ['取消商机规则回测', 'Cancel a back-test of a trigger'],
  answer: job,
  handle: (exchange) => {
    const found = seen(exchange, 'find');
    assertMayWrite(exchange.caller, found.triggerId, found);
    return { body: shown(seen(exchange, 'cancel')) };
  },
});

/** @throws CodedError NOT_FOUND */
function seen({ deps, caller, params }: Exchange, act: 'find' | 'cancel'): TriggerReplayJob {
  const { id = '' } = params;
  const known = deps.triggerReplays.find(id);
  if (!known || !(known.city === EVERY_CITY || allows(caller, known.city)))
    throw unknown('back-test', id);

  return (act === 'cancel' ? deps.triggerReplays.cancel(id) : known) ?? known;
}

/** With its reasons in words. */
function shown({ report, ...rest }: TriggerReplayJob): object {
  return { ...rest, ...(report && { report: inWords(report) }) };
}

const inWords = (report: TriggerReplayReport): object => ({
  ...report,
  tested: {
    ...report.tested,
    reasons: report.tested.reasons.map((each) => ({
      ...each,
      words: {
        'zh-CN': reasonWords(each.reason, each.rule, 'zh-CN'),
        en: reasonWords(each.reason, each.rule, 'en'),
      },
    })),
  },
});
