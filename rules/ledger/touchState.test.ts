import fc from 'fast-check';
import type { KeptTouch } from '../contact/contact';
import { HOUR_MS } from '../time/durations';
import { CHAIN_START, linkOf } from './chain';
import type { DecisionRow, LedgerRow } from './rows';
import {
  compareRows,
  isOpen,
  recalledTouch,
  type TouchState,
  withReservation,
  withSettlement,
  withTasked,
} from './touchState';

const at = (hour: number): string => new Date(Date.UTC(2026, 2, 2) + hour * HOUR_MS).toISOString();

const empty: TouchState = { contactId: 'c-1', touches: [], revision: 0 };

function aPass(state: TouchState, fields: Partial<DecisionRow> = {}): DecisionRow {
  return {
    kind: 'decision',
    touchId: 't-1',
    attempt: 1,
    contactId: 'c-1',
    city: 'guangzhou',
    channel: 'sms',
    class: 'marketing',
    at: at(0),
    verdict: 'pass',
    explain: [],
    policy: 'default@1',
    journey: 'overage',
    step: 'offer',
    workflowId: 'w-1',
    runId: 'r-1',
    revision: state.revision + 1,
    ...fields,
  };
}

type Step =
  | {
      readonly kind: 'reserve';
      readonly touch: number;
      readonly attempt: number;
      readonly drop: boolean;
    }
  | { readonly kind: 'task'; readonly touch: number }
  | {
      readonly kind: 'settle';
      readonly touch: number;
      readonly settled: 'sent' | 'released';
      readonly delivered: boolean;
    };

const touch = fc.integer({ min: 0, max: 3 });
const steps = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('reserve' as const),
      touch,
      attempt: fc.integer({ min: 1, max: 3 }),
      drop: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('task' as const), touch }),
    fc.record({
      kind: fc.constant('settle' as const),
      touch,
      settled: fc.constantFrom('sent' as const, 'released' as const),
      delivered: fc.boolean(),
    }),
  ),
  { maxLength: 40 },
);

interface Lived {
  readonly state: TouchState;
  readonly rows: readonly LedgerRow[];
}

/** Plays one step at its hour, as a store does. */
function play({ state, rows }: Lived, step: Step, hour: number): Lived {
  const touchId = `t-${step.touch}`;
  if (step.kind === 'task') {
    const touches = withTasked(state, touchId, `m-${hour}`);
    return { state: touches ? { ...state, touches } : state, rows };
  }
  const moved =
    step.kind === 'reserve'
      ? withReservation(
          state,
          aPass(state, { touchId, attempt: step.attempt, at: at(hour) }),
          step.drop ? at(hour - 5) : undefined,
        )
      : withSettlement(state, touchId, {
          settled: step.settled,
          at: at(hour),
          ...(step.delivered && { deliveredAt: at(hour - 1) }),
        });
  if (!moved) return { state, rows };
  const { touches, revision, row } = moved;
  return { state: { ...state, touches, revision, chain: row.chain }, rows: [...rows, row] };
}

const live = (given: readonly Step[]): Lived =>
  given.reduce<Lived>((lived, step, i) => play(lived, step, i), { state: empty, rows: [] });

/** What a touch is, apart from what only a task or the latest word on it adds. */
const core = ({ touchId, attempt, state, at: instant }: KeptTouch) => ({
  touchId,
  attempt,
  state,
  at: instant,
});

const property = (name: string, holds: (given: readonly Step[]) => void): void =>
  test(name, () => fc.assert(fc.property(steps, holds), { seed: 7, numRuns: 400 }));

property('every revision has exactly one row, and their chain is whole', (given) => {
  const { state, rows } = live(given);
  expect(rows.map(({ revision }) => revision)).toEqual(rows.map((_, i) => i + 1));
  expect(state.revision).toBe(rows.length);
  expect(state.chain ?? CHAIN_START).toBe(
    rows.reduce((link, row) => linkOf(link, row), CHAIN_START),
  );
});

property('a touch is in the document once at most, and never leaves it while open', (given) => {
  let lived: Lived = { state: empty, rows: [] };
  for (const [i, step] of given.entries()) {
    const before = lived.state.touches;
    lived = play(lived, step, i);
    const ids = lived.state.touches.map(({ touchId }) => touchId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { touchId } of before.filter(isOpen)) expect(ids).toContain(touchId);
  }
});

property('the ledger alone tells what every touch of the document is', (given) => {
  const { state, rows } = live(given);
  for (const kept of state.touches) {
    const recalled = recalledTouch(rows, kept.touchId);
    expect(recalled && core(recalled)).toEqual(
      core({ ...kept, state: kept.state === 'tasked' ? 'reserved' : kept.state }),
    );
  }
});

property('the same ending told again changes nothing', (given) => {
  const { state } = live(given);
  for (const { touchId, state: ended } of state.touches)
    if (ended === 'sent' || ended === 'released')
      expect(withSettlement(state, touchId, { settled: ended, at: at(99) })).toBeNull();
});

property('rows come out in one order, whatever order they are found in', (given) => {
  const { rows } = live(given);
  const sorted = [...rows].sort(compareRows);
  expect([...rows].reverse().sort(compareRows)).toEqual(sorted);
  expect(sorted.map((row) => row.at)).toEqual(rows.map((row) => row.at).sort());
});

describe('a touch', () => {
  const reserved = live([{ kind: 'reserve', touch: 1, attempt: 1, drop: false }]).state;

  it('moves to the instant of its delivery, on sending only', () => {
    const sent = withSettlement(reserved, 't-1', {
      settled: 'sent',
      deliveredAt: at(9),
      at: at(10),
    });
    expect(sent?.touches[0]?.at).toBe(at(9));
    const released = withSettlement(reserved, 't-1', {
      settled: 'released',
      deliveredAt: at(9),
      at: at(10),
    });
    expect(released?.touches[0]?.at).toBe(at(0));
  });

  it('that was never reserved is not recalled, whatever was decided of it', () => {
    const suppressed = aPass(empty, { verdict: 'suppressed', reason: 'blocked' });
    expect(recalledTouch([suppressed], 't-1')).toBeNull();
    expect(withSettlement(empty, 't-1', { settled: 'sent', at: at(1) })).toBeNull();
  });

  it('keeps the reference under which it was tasked when the ending names none', () => {
    const touches = withTasked(reserved, 't-1', 'msg-1') ?? [];
    const sent = withSettlement({ ...reserved, touches }, 't-1', { settled: 'sent', at: at(1) });
    expect(sent?.row.channelRef).toBe('msg-1');
    expect(withTasked({ ...reserved, touches }, 't-1', 'msg-1')).toBeNull();
    expect(withTasked({ ...reserved, touches }, 't-1', 'msg-2')).toMatchObject([
      { state: 'tasked', channelRef: 'msg-2' }, // the task was made again
    ]);
  });

  it('exactly as old as the limit stays', () => {
    const sent = withSettlement(reserved, 't-1', { settled: 'sent', at: at(0) });
    const state = { ...reserved, touches: sent?.touches ?? [], revision: 2 };
    const kept = withReservation(state, aPass(state, { touchId: 't-2', at: at(5) }), at(0));
    expect(kept?.touches.map(({ touchId }) => touchId)).toEqual(['t-1', 't-2']);
  });
});
