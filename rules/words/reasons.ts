// The catalogue of reasons: what a verdict or a settlement may name, in both languages.

import { assertNever } from '../base/errors';
import type { SettlementReason } from '../contact/settlementReason';
import type { LeadOutcome } from '../journey/lead';
import type { Relevance } from '../journey/relevance';
import { type Lang, type Phrase, phrase } from './terms';

type Catalogue = Readonly<Record<string, Phrase>>;

const RELEVANCE = {
  'friend-of': phrase(
    '客户已不是该员工的好友',
    'the customer is no longer a friend of the staff member',
  ),
  'bill-open': phrase('账单已结清', 'the bill has been paid'),
  'plan-is': phrase('客户已更换套餐', 'the customer has changed plan'),
  'not-bought': phrase('客户已购买该产品', 'the customer has bought the product'),
  'silent-since': phrase('客户已有回应', 'the customer has spoken meanwhile'),
} satisfies Record<Relevance['kind'], Phrase>;

const OUTCOMES = {
  'not-reached': phrase('未接通', 'not reached'),
  busy: phrase('占线', 'busy'),
  hesitating: phrase('客户犹豫', 'the customer hesitates'),
  refused: phrase('客户拒绝', 'the customer refused'),
  'wrong-number': phrase('号码有误', 'wrong number'),
  accepted: phrase('客户接受', 'the customer accepted'),
  'no-relation': phrase('无企业微信好友关系', 'no relation on WeCom'),
  other: phrase('其他结果', 'another outcome'),
} satisfies Record<LeadOutcome, Phrase>;

/** Personal features that a text or an audience may rest on (rules/journey/personal.ts). */
const FEATURES: Catalogue = {
  name: phrase('姓名', 'name'),
  plan: phrase('现用套餐', 'current plan'),
  planName: phrase('现用套餐', 'current plan'),
  planFee: phrase('套餐月费', 'plan fee'),
  balanceFen: phrase('话费余额', 'balance'),
  billDueFen: phrase('应缴账单', 'bill due'),
  dataUsedPct: phrase('流量用量', 'data used'),
  brand: phrase('品牌', 'brand'),
  birthday: phrase('生日', 'birthday'),
  products: phrase('已购产品', 'products bought'),
  stage: phrase('客户阶段', 'stage'),
  tags: phrase('标签', 'tags'),
  lastSpokeAt: phrase('上次来言时间', 'when the customer last wrote'),
  contractEndsOn: phrase('合约到期日', 'end of the contract'),
  openedAt: phrase('打开记录', 'what was opened'),
};

/** What of a text does not fit; anything else is the variable that has no value. */
const TEXT_FAULTS: Catalogue = {
  text: phrase('没有可读的内容', 'it says nothing to this contact'),
  signature: phrase('开头是别的签名', 'it begins with another signature'),
  'no-text-wecom': phrase('没有企业微信文本', 'it has no text for WeCom'),
  'no-text-sms': phrase('没有短信文本', 'it has no text for SMS'),
  'no-text-call': phrase('没有外呼话术', 'it has no text for calls'),
  'class-marketing': phrase('是营销类话术', 'it is a marketing text'),
  'class-service': phrase('是服务类话术', 'it is a service text'),
  'class-transactional': phrase('是事务类话术', 'it is a transactional text'),
};

/** Codes of channels; others are shown as the channel gave them. */
const CODES: Catalogue = {
  ...OUTCOMES,
  NO_PHONE: phrase('没有手机号', 'no phone number'),
  NO_RELATION: phrase('无企业微信好友关系', 'no relation on WeCom'),
  EXPIRED: phrase('已过有效期', 'expired'),
  TEXT_EMPTY: phrase('内容为空', 'the text is empty'),
  TEXT_TOO_LONG: phrase('内容超长', 'the text is too long'),
  CONTENT_REFUSED: phrase('内容未通过审核', 'the content was refused'),
  SIGNATURE_MISSING: phrase('缺少短信签名', 'the signature is missing'),
  PHONE_INVALID: phrase('手机号无效', 'the phone number is not valid'),
  BLACKLISTED: phrase('在运营商黑名单内', 'on the carrier’s blacklist'),
  MBBLACK: phrase('在运营商黑名单内', 'on the carrier’s blacklist'),
  UNDELIV: phrase('短信未送达', 'not delivered'),
  'welcome-code-expired': phrase('欢迎语凭证已过期', 'the welcome code has expired'),
};

/** What the channel's own record said of a touch that had to be asked for. */
const FOUND: Catalogue = {
  'never-sent': phrase('渠道从未收到', 'the channel never took it'),
  unconfirmed: phrase('员工未确认', 'no member of staff had confirmed it'),
  unknown: phrase('渠道未能答复', 'the channel could not say'),
  'not-a-friend': phrase('客户已不是好友', 'the customer is no longer a friend'),
  'platform-cap': phrase('超出企业微信每人接收上限', 'WeCom lets the customer receive no more'),
};

/** Reasons without anything after them. */
const PLAIN: Catalogue = {
  expired: phrase('已过有效期', 'it expired before it could go out'),
  'too-late': phrase('须顺延的时间过长', 'it would have to wait too long'),
  'unknown-contact': phrase('客户不存在', 'the contact does not exist'),
  'already-settled': phrase('此前已有结果', 'it was settled before'),
  unconfirmed: phrase('员工未在期限内确认', 'no member of staff confirmed it in time'),
  withdrawn: phrase('已撤回', 'withdrawn'),
  'not-stopped': phrase('撤回未及', 'it could not be withdrawn in time'),
  superseded: phrase('先前的触达已送达', 'an earlier touch has arrived after all'),
  'opted-out': phrase('客户退订', 'the customer opted out'),
  converted: phrase('客户已购买', 'the customer has bought it'),
  'friend-removed': phrase('好友关系已解除', 'the customer is no longer a friend'),
  stopped: phrase('旅程被停止', 'the run was stopped'),
  cancelled: phrase('旅程被取消', 'the run was cancelled'),
  'not-a-friend': phrase('客户已不是好友', 'the customer is no longer a friend'),
  'platform-cap': phrase('超出企业微信每人接收上限', 'WeCom lets the customer receive no more'),
  unreachable: phrase('渠道不可达', 'not reachable on the channel'),
  blocked: phrase('已被封禁', 'blocked'),
  consent: phrase('缺少同意', 'no consent'),
  dnd: phrase('客户免打扰', 'do-not-disturb'),
  holdout: phrase('属于对照组', 'in the holdout'),
  released: phrase('已释放', 'released'),
};

/** Reasons that name something: a rule, a place or the code of a channel. */
const NAMING: Readonly<Record<string, { readonly words: Phrase; readonly of?: Catalogue }>> = {
  irrelevant: { words: phrase('已无触达必要', 'no longer of use'), of: RELEVANCE },
  refused: { words: phrase('渠道拒绝', 'refused by the channel'), of: CODES },
  sms: { words: phrase('短信失败', 'SMS failed'), of: CODES },
  call: { words: phrase('外呼未果', 'call without result'), of: OUTCOMES },
  template: {
    words: phrase('话术无法生成', 'the template could not be rendered'),
    of: TEXT_FAULTS,
  },
  'template-withdrawn': { words: phrase('话术已撤回', 'the text was withdrawn') },
  held: {
    words: phrase('等待渠道期间被管控规则拦下', 'held by a rule while it waited for its channel'),
  },
  reaped: { words: phrase('逾期未回执，由系统收回', 'not settled in time, reaped'), of: FOUND },
  reconciled: {
    words: phrase('与渠道对账得知', 'learnt from the channel’s own record'),
    of: FOUND,
  },
  personalisation: {
    words: phrase('客户已关闭个性化推荐', 'the customer has turned personalisation off'),
    of: FEATURES,
  },
  quota: { words: phrase('配额已用完', 'the quota is used up') },
  'yields-to': {
    words: phrase('让位于优先级更高的触达', 'gives way to a touch of higher priority'),
  },
  'quiet-hours': { words: phrase('处于静默时段', 'quiet hours') },
  gap: { words: phrase('命中触达间隔', 'gap') },
  cap: { words: phrase('命中频次上限', 'cap') },
};

const entry = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** A reason and what it names (a rule's id, the code of a channel); an unknown reason is shown as it is. */
export function reasonWords(reason: string, named: string | undefined, lang: Lang): string {
  const naming = entry(NAMING, reason);
  if (naming === undefined)
    return (
      entry(PLAIN, reason)?.[lang] ??
      (named === undefined || named === reason ? reason : `${reason}: ${named}`)
    );
  if (named === undefined || named === reason) return naming.words[lang];

  const name = naming.of && entry(naming.of, named)?.[lang];
  if (name !== undefined)
    return lang === 'en' ? `${naming.words.en}: ${name}` : `${naming.words['zh-CN']}：${name}`;

  return quoted(naming.words[lang], named, lang);
}

/** `cap "week"`, `频次上限「week」`. */
export const quoted = (words: string, id: string, lang: Lang): string =>
  lang === 'en' ? `${words} "${id}"` : `${words}「${id}」`;

/** Of a task that was taken back, in time or not: what made it wrong, which is a reason in itself. */
function withdrawnWords(
  { kind, rule }: Extract<SettlementReason, { kind: 'withdrawn' | 'not-stopped' }>,
  lang: Lang,
): string {
  const said = reasonWords(kind, undefined, lang);
  if (rule === undefined) return said;

  const [reason = rule, named] = rule.split(/:(.*)/s);
  const because = reasonWords(reason, named, lang);
  return lang === 'en' ? `${said}: ${because}` : `${said}：${because}`;
}

/** Why a settlement came about. */
export function settlementReasonWords(reason: SettlementReason, lang: Lang): string {
  switch (reason.kind) {
    case 'unconfirmed':
    case 'not-a-friend':
    case 'platform-cap':
      return reasonWords(reason.kind, undefined, lang);
    case 'refused':
    case 'sms':
      return reasonWords(reason.kind, reason.code, lang);
    case 'call':
      return reasonWords(reason.kind, reason.outcome, lang);
    case 'template':
      return reasonWords(reason.kind, reason.place, lang);
    case 'held':
      return reasonWords(reason.kind, reason.rule, lang);
    case 'withdrawn':
    case 'not-stopped':
      return withdrawnWords(reason, lang);
    case 'reaped':
    case 'reconciled':
      return reasonWords(reason.kind, reason.found, lang);
    case 'other':
      return reasonWords(reason.reason, reason.named, lang);
    default:
      return assertNever(reason, 'reason of a settlement');
  }
}
