// What a look into the channels' own records found, for people: the command line, the status page and the Temporal UI say the same.

import type {
  BookPart,
  BookReport,
  Difference,
  Differences,
  PartReport,
} from '../ledger/bookReport';
import { type Phrase, phrase } from './terms';

const PARTS: Readonly<Record<BookPart, Phrase>> = {
  touches: phrase('逾期触达', 'touches past their time'),
  strays: phrase('多余群发', 'stray mass sends'),
  'mass-sends': phrase('群发结果', 'mass sends'),
  sms: phrase('短信回执与上行', 'SMS receipts and answers'),
  crm: phrase('订单', 'orders'),
  iop: phrase('外呼结果', 'calls'),
  relations: phrase('好友关系', 'relations'),
  leads: phrase('回流商机', 'leads'),
};

const KINDS: Readonly<Record<Difference, Phrase>> = {
  'reaped-sent': phrase('逾期，渠道已送达', 'past their time and delivered'),
  'reaped-released': phrase('逾期，已释放', 'past their time and released'),
  'delivery-learnt': phrase('补记送达', 'deliveries learnt late'),
  'delivery-denied': phrase('渠道否认送达', 'deliveries that the channel denies'),
  'message-cancelled': phrase('多余群发，已撤回', 'surplus messages cancelled'),
  'message-repeated': phrase('重复群发，客户已收到', 'surplus messages that were received'),
  'message-unknown': phrase('非本系统的群发', 'messages of others'),
  'relation-made': phrase('补记新增好友', 'adds learnt late'),
  'relation-ended': phrase('补记删除好友', 'removals learnt late'),
  'callback-missed': phrase('补收回调', 'call-backs taken late'),
  'lead-missed': phrase('补收商机', 'leads taken late'),
  unreadable: phrase('不合约定的记录', 'records that cannot be read'),
  'in-doubt': phrase('渠道尚未确定', 'the channel does not know yet'),
  unanswered: phrase('渠道未应答', 'the channel did not answer'),
};

const STATES: Readonly<Record<PartReport['state'], string>> = {
  running: '进行中 running',
  done: '完成 done',
  failed: '未完成 failed',
};

const both = ({ 'zh-CN': zh, en }: Phrase): string => `${zh} ${en}`;

/** One line a part, and one below it for each kind of difference. */
export function renderBookReport(report: BookReport): string {
  const { from, to } = report;
  const span = from !== undefined && to !== undefined ? [`对账区间 span: ${from} – ${to}`] : [];
  const parts = (Object.entries(report.parts) as [BookPart, PartReport][]).flatMap(
    ([name, part]) => [
      partLine(name, part),
      ...differenceLines(part.found).map((line) => `  ${line}`),
    ],
  );
  return [...span, ...parts].join('\n');
}

function partLine(name: BookPart, { pages, looked, state, failure }: PartReport): string {
  const why = failure === undefined ? '' : `: ${failure}`;
  const title = both(PARTS[name]);
  return `${title}: ${looked} 条 records, ${pages} 页 pages, ${STATES[state]}${why}`;
}

export const differenceLines = (found: Differences): string[] =>
  (Object.entries(found) as [Difference, number][]).map(
    ([kind, count]) => `${both(KINDS[kind])}: ${count}`,
  );
