// The summary of a running sopflow in words and numbers, for a terminal.

import { JOURNEY_KINDS, journeyKind } from '../journey/kinds';
import type { Differences } from '../ledger/bookReport';
import { differenceLines } from './bookReport';

export interface Addresses {
  readonly api: string;
  readonly sandbox?: string;
  readonly temporalUi?: string;
}

/** The answer of GET /api/v1/summary. */
export interface Summary {
  readonly contacts: number;
  readonly inbox: number;
  /** Items of the inbox that a person must look at. */
  readonly parked: number;
  readonly runs: readonly {
    readonly journey: string;
    readonly state: string;
    readonly outcome?: string;
    readonly count: number;
  }[];
  readonly ledger: readonly {
    readonly kind: string;
    readonly name: string;
    readonly reason?: string;
    readonly count: number;
  }[];
  readonly orders: Readonly<Record<string, number>>;
  /** Contacts with a touch that nobody settled in time. */
  readonly overdue: number;
  /** What reapers and reconciles of the last day have found. */
  readonly differences: Differences;
}

export function renderSummary(summary: Summary, addresses?: Addresses): string {
  return [
    `客户 contacts ${summary.contacts}    收件箱 inbox ${summary.inbox}    待处理 parked ${summary.parked}`,
    '',
    ...table(
      ['旅程 journey', '进行中 running', '已结束 closed', '结果 outcomes'],
      runRows(summary),
    ),
    '',
    ...table(['触达 touches', '数量 count', '原因 reasons'], touchRows(summary)),
    '',
    `订单 orders   ${words(Object.entries(summary.orders).map(([state, count]) => ({ name: state, count }))) || '0'}`,
    ...alarmLines(summary),
    ...(addresses ? ['', ...addressLines(addresses)] : []),
  ].join('\n');
}

/** Nothing of it is expected. */
function alarmLines({ overdue, differences }: Summary): string[] {
  return [
    ...(overdue > 0 ? [`逾期未结 overdue ${overdue}`] : []),
    ...differenceLines(differences).map((line) => `账目差异 difference  ${line}`),
  ];
}

function runRows({ runs }: Summary): string[][] {
  return JOURNEY_KINDS.map((journey) => {
    const { zh: name } = journeyKind(journey).name;
    const own = runs.filter((run) => run.journey === journey);
    const closed = own.filter((run) => run.state === 'closed');
    const outcomes = words(
      closed.map((run) => ({ name: run.outcome ?? 'none', count: run.count })),
    );

    return [
      `${name} ${journey}`,
      String(sum(own.filter((run) => run.state === 'running'))),
      String(sum(closed)),
      outcomes,
    ];
  });
}

function touchRows({ ledger }: Summary): string[][] {
  const rows = (kind: string, name: string) =>
    ledger.filter((total) => total.kind === kind && total.name === name);

  const row = (label: string, found: readonly { reason?: string; count: number }[]) => [
    label,
    String(sum(found)),
    words(
      found.flatMap(({ reason, count }) => (reason === undefined ? [] : [{ name: reason, count }])),
    ),
  ];
  const settled = sum([...rows('settlement', 'sent'), ...rows('settlement', 'released')]);
  return [
    row('已送达 sent', rows('settlement', 'sent')),
    ['待确认 tasked', String(Math.max(0, sum(rows('decision', 'pass')) - settled)), ''],
    row('已延后 deferred', rows('decision', 'deferred')),
    row('已拦截 suppressed', rows('decision', 'suppressed')),
    row('已释放 released', rows('settlement', 'released')),
    row('已撤回 withdrawn', rows('settlement', 'withdrawn')),
  ];
}

function addressLines({ api, sandbox, temporalUi }: Addresses): string[] {
  return [
    `接口 API          ${api}/docs`,
    ...(temporalUi ? [`Temporal UI       ${temporalUi}`] : []),
    ...(sandbox ? [`沙箱 sandbox      ${sandbox}/`] : []),
  ];
}

const sum = (rows: readonly { readonly count: number }[]): number =>
  rows.reduce((total, { count }) => total + count, 0);

const words = (rows: readonly { readonly name: string; readonly count: number }[]): string =>
  [...rows]
    .sort((a, b) => b.count - a.count)
    .map(({ name, count }) => `${name} ${count}`)
    .join(', ');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((cell, column) =>
    Math.max(width(cell), ...rows.map((row) => width(row[column] ?? ''))),
  );

  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell)))
      .join('  ')
      .trimEnd();

  return [line(head), ...rows.map(line)];
}

/** Columns a text takes on a terminal: Chinese characters take two. */
function width(text: string): number {
  return [...text].reduce(
    (total, character) => total + (/[\u2E80-\uFFEF]/.test(character) ? 2 : 1),
    0,
  );
}
