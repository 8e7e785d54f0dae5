// Waves of calendars: listed, looked into, held, let go on, cancelled, and run again for those that failed.

import { z } from 'zod';
import type { Caller } from '../../ports/auth';
import type { WaveNumber, WaveRecord } from '../../ports/waves';
import { CodedError } from '../../rules/base/errors';
import { UNDER_WAY, waveStateUnder } from '../../rules/calendar/hold';
import {
  WAVE_CONTACT_STATES,
  WAVE_STATES,
  type WaveState,
  waveNumbers,
} from '../../rules/calendar/wave';
import { id, joinedId } from '../../rules/input/input.schema';
import { strict } from '../../rules/input/shape.schema';
import { MINUTE_MS } from '../../rules/time/durations';
import { formatInstant } from '../../rules/time/instant';
import { waveReasons } from '../../rules/words/wave';
import * as answers from '../answers';
import type { ApiDeps } from '../deps';
import { type Endpoint, type Exchange, endpoint } from '../exchange';
import { page, pageQuery } from '../paging';
import { scopeOf, unknown } from '../scope';

const numbers = z.record(z.enum(WAVE_CONTACT_STATES), z.number());
const wave = z.looseObject({
  waveId: z.string(),
  calendarId: z.string(),
  calendarVersion: z.number(),
  slotId: z.string(),
  date: z.string(),
  state: z.enum(WAVE_STATES),
  startedAt: z.string(),
  isWalked: z.boolean(),
  numbers,
  link: z.string().optional(),
});
const shownWave = wave.extend({
  reasons: z.array(
    z.object({
      state: z.enum(WAVE_CONTACT_STATES),
      reason: z.string(),
      words: z.object({ zh: z.string(), en: z.string() }),
      count: z.number(),
    }),
  ),
  perMinute: z.number(),
  nextDue: z.string().nullable(),
});
const waveContact = z.looseObject({
  contactId: z.string(),
  city: z.string(),
  state: z.enum(WAVE_CONTACT_STATES),
  plannedAt: z.string(),
  at: z.string(),
  reason: z.string().optional(),
});
const moved = z.object({ waveId: z.string(), state: z.enum(WAVE_STATES) });
/** An id holds slashes: it stands in the path URL-encoded, or in the query as it is. */
const waveQuery = strict({ id: joinedId.exactOptional() });

export const listWaves = endpoint({
  summary: [
    '波次列表（按日历、状态、日期，游标分页）',
    'Waves of calendars by calendar, state and date',
  ],
  query: strict({
    ...pageQuery,
    calendarId: id.exactOptional(),
    state: z.enum(WAVE_STATES).exactOptional(),
    date: z.iso.date().exactOptional(),
  }),
  answer: answers.pageOf(wave),
  async handle({ deps, caller, query: { limit, ...filter } }) {
    const scope = scopeOf(caller);
    const found = await deps.stores.waves.list({ ...filter, ...scope, limit });
    const ids = found.map(({ waveId }) => waveId);
    const counted = found.length > 0 ? await deps.stores.waves.numbers(ids, scope) : [];

    const views = found.map((each) => waveView(deps, each, counted));
    return { body: page(views, limit, ({ waveId }) => waveId) };
  },
});

export const showWave = endpoint({
  summary: [
    '波次详情：各状态与原因的数量、速度、下一批时间',
    'A wave in numbers by state and reason, its rate, and when the next are due',
  ],
  query: strict({}),
  answer: shownWave,
  async handle(exchange) {
    const { deps, caller } = exchange;
    const { waves } = deps.stores;
    const found = await visibleWave(exchange, exchange.params.id);
    const counted = await waves.numbers([found.waveId], scopeOf(caller));

    return {
      body: {
        ...waveView(deps, found, counted),
        reasons: waveReasons(counted),
        perMinute: rateOf(found, counted, deps.clock.now()),
        nextDue: await waves.nextDue(found.waveId),
      },
    };
  },
});

export const listContactsOfWave = endpoint({
  summary: ['波次内客户（按状态，游标分页）', 'Contacts of a wave by state'],
  query: strict({ ...pageQuery, state: z.enum(WAVE_CONTACT_STATES).exactOptional() }),
  answer: answers.pageOf(waveContact),
  async handle(exchange) {
    const { deps, caller, query } = exchange;
    const { waveId } = await visibleWave(exchange, exchange.params.id);
    const found = await deps.stores.waves.contacts(waveId, { ...query, ...scopeOf(caller) });

    const views = found.map(({ revision: _, waveId: _wave, ...contact }) => contact);
    return { body: page(views, query.limit, ({ contactId }) => contactId) };
  },
});

export const pauseWave = moving(
  ['暂停波次：不再触达，待确认任务照旧', 'Hold a wave: nobody else is touched'],
  ['running', 'held'],
  'paused',
);
export const resumeWave = moving(['恢复波次', 'Let a held wave go on'], ['paused'], 'running');
export const cancelWave = moving(
  ['取消波次：撤回待确认任务', 'Cancel a wave: open tasks are taken back'],
  UNDER_WAY,
  'cancelled',
);

export const rerunWave = endpoint({
  summary: ['重跑失败客户', 'Ask those that failed once more'],
  body: strict({}),
  query: waveQuery,
  answer: moved.extend({ again: z.number() }),
  async handle(exchange) {
    const { deps } = exchange;
    const { waves } = deps.stores;
    const found = await ownWave(exchange);
    const { waveId } = found;
    if (found.state === 'cancelled' || found.state === 'missed') throw notNow(found);
    const running = await underItsCalendar(deps, found, 'running');
    if (running === 'cancelled') throw notNow(found);

    const at = formatInstant(deps.clock.now());
    const again = await waves.retryFailed(waveId, at);
    if (again > 0) await waves.move(waveId, ['ended'], running, at);
    if (again > 0) await wake(deps, found);

    const { state } = (await waves.find(waveId)) ?? found;
    return { body: { waveId, state, again } };
  },
});

/** First in the record, then to whoever sleeps: a repeat after a failure tells it again. */
function moving(summary: Endpoint['summary'], from: readonly WaveState[], to: WaveState): Endpoint {
  return endpoint<object, z.infer<typeof waveQuery>>({
    summary,
    body: strict({}),
    query: waveQuery,
    answer: moved,
    async handle(exchange) {
      const { deps } = exchange;
      const found = await ownWave(exchange);
      const at = formatInstant(deps.clock.now());
      const state = await underItsCalendar(deps, found, to);
      const isMoved = await deps.stores.waves.move(found.waveId, from, state, at);
      if (!isMoved && found.state !== to) throw notNow(found);

      await wake(deps, found);
      return { body: { waveId: found.waveId, state } };
    },
  });
}

const wake = ({ engine }: ApiDeps, wave: WaveRecord): Promise<void> => {
  const { calendarId, calendarVersion, slotId, date } = wave;
  return engine.wakeWave({ version: 1, calendarId, calendarVersion, slotId, date });
};

/** A wave is not let go on past its calendar: of one that is paused it is held. */
async function underItsCalendar(
  { stores }: ApiDeps,
  { calendarId }: WaveRecord,
  state: WaveState,
): Promise<WaveState> {
  return waveStateUnder(await stores.calendarLives.find(calendarId), state);
}

function notNow({ waveId, state, calendarId }: WaveRecord): CodedError {
  const why = state === 'held' ? ` by the pause of ${calendarId}: resume the calendar` : '';
  return new CodedError('CONFLICT', `wave ${waveId} is ${state}${why}`, [
    { path: 'state', message: 'cannot be done in this state', value: state },
  ]);
}

type WaveExchange = Pick<Exchange, 'deps' | 'caller'>;

/** @throws CodedError NOT_FOUND, also for a wave that is of none of the caller's cities */
async function visibleWave({ deps, caller }: WaveExchange, waveId = ''): Promise<WaveRecord> {
  const found = await deps.stores.waves.find(waveId);
  if (!found || !isOf(caller, found, 'some')) throw unknown('wave', waveId);
  return found;
}

/** A wave that reaches into other cities is not the caller's to stop. */
async function ownWave(exchange: Exchange<unknown, { readonly id?: string }>): Promise<WaveRecord> {
  const waveId = exchange.params.id ?? exchange.query.id ?? '';
  const found = await visibleWave(exchange, waveId);
  if (!isOf(exchange.caller, found, 'every')) throw unknown('wave', waveId);
  return found;
}

function isOf({ cities }: Caller, wave: WaveRecord, which: 'some' | 'every'): boolean {
  if (cities === undefined) return true;
  if (wave.cities === undefined) return which === 'some';
  return wave.cities[which]((city) => cities.includes(city));
}

function waveView(deps: ApiDeps, wave: WaveRecord, counted: readonly WaveNumber[]) {
  const link = deps.runLink(wave.waveId);
  const own = counted.filter(({ waveId }) => waveId === wave.waveId);
  return { ...wave, numbers: waveNumbers(own), ...(link !== undefined && { link }) };
}

/** Contacts that the wave has got through with, a minute, to a tenth. */
function rateOf(
  { startedAt, endedAt }: WaveRecord,
  counted: readonly WaveNumber[],
  now: number,
): number {
  const done = counted.reduce(
    (sum, { state, count }) => sum + (state === 'waiting' ? 0 : count),
    0,
  );
  const until = endedAt === undefined ? now : Date.parse(endedAt);
  const minutes = Math.max(until - Date.parse(startedAt), MINUTE_MS) / MINUTE_MS;
  return Math.round((done / minutes) * 10) / 10;
}
