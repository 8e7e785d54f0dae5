// Where a WeCom error is classified: one table from code to what may be done about it, and the error that carries it.

import { CodedError, type ErrorCode } from '../../rules/base/errors';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../rules/time/durations';

/**
 * What may be done about an answer that is not 0. Nothing was accepted in any of them.
 * R retry soon · T renew the token and replay once · Q a quota: wait for its window · W in preparation: ask again
 * · B an outcome of business about this message or this customer: the only final one · F the configuration or our request is wrong:
 * a person must act, and meanwhile it is tried again with growing pauses, for it says nothing of the customer.
 */
export type WecomClass = 'R' | 'T' | 'Q' | 'W' | 'B' | 'F';

type Row = readonly [code: number, kind: WecomClass, en: string, zh: string, retryAfterMs?: number];

/** Codes that stand side by side and mean the same to us. */
const range = (from: number, to: number, kind: WecomClass, en: string, zh: string): Row[] =>
  Array.from({ length: to - from + 1 }, (_, i) => [from + i, kind, en, zh]);

/** The customer does not exist, or has no tie with the member. */
export const NO_RELATION: ReadonlySet<number> = new Set([84061, 40096, 41035, 41056]);

/** Times: the window a quota is counted in (45009: most often the minute's). Without one, pauses grow from a second to a minute. */
const TABLE: readonly Row[] = [
  [-1, 'R', 'system busy', '系统繁忙'],
  [6000, 'R', 'version conflict', '数据版本冲突'],
  [40001, 'F', 'bad secret', 'Secret 错误'],
  [40003, 'F', 'invalid member id', '无效的成员 UserID'],
  [40006, 'B', 'media size out of range', '媒体文件大小不合法'],
  [40007, 'B', 'invalid media id', '无效的 media_id'],
  [40009, 'B', 'image size out of range', '图片大小不合法'],
  [40013, 'F', 'bad corp id', '无效的 CorpID'],
  [40014, 'T', 'invalid access token', '无效的 access_token'],
  [40033, 'F', 'invalid request characters', '请求含非法字符'],
  [40035, 'F', 'invalid parameter', '参数不合法'],
  [40056, 'F', 'invalid agent id', '无效的 AgentID'],
  [40058, 'F', 'invalid parameter', '参数不合法'],
  [40063, 'F', 'empty parameter', '参数为空'],
  [40066, 'F', 'invalid department list', '部门列表不合法'],
  [40068, 'B', 'invalid tag id', '无效的标签 ID'],
  [40071, 'B', 'tag name not allowed', '标签名不合法'],
  [40091, 'F', 'secret expired or invalid', 'Secret 无效或过期'],
  [40096, 'B', 'invalid external user id', '无效的外部联系人 ID'],
  [40097, 'B', 'member has not resigned', '成员尚未离职'],
  [40098, 'B', 'member is not real-name verified', '成员尚未实名'],
  [40099, 'B', 'member has too many contacts', '成员外部联系人已达上限'],
  [40100, 'B', 'customer is being transferred', '客户正在转接中'],
  [40126, 'B', 'the corp has its 3,000 tags', '企业标签个数达到上限'],
  [40128, 'B', 'customer transferred too often', '客户转接过于频繁'],
  [40129, 'B', 'customer is being transferred', '客户正在转接中'],
  [40130, 'B', 'transfer to the same member', '原跟进人与接手人相同'],
  [40131, 'B', 'member does not follow the customer', '非该客户的跟进人'],
  [40143, 'B', 'member is banned', '成员已被封禁'],
  [40144, 'B', 'too many tags', '标签数超过上限'],
  [40145, 'B', 'media expired', '媒体文件已过期'],
  [40201, 'B', 'blocked as spam', '触发反垃圾限制'],
  [40204, 'B', 'blocked as sensitive', '含敏感内容'],
  [40205, 'B', "the member's WeChat ticket expired", '成员微信票据过期'],
  [41001, 'F', 'access token missing', '缺少 access_token'],
  [41002, 'F', 'corp id missing', '缺少 CorpID'],
  [41004, 'F', 'secret missing', '缺少 Secret'],
  [41035, 'B', 'external user id missing or invalid', '外部联系人 ID 缺失或无效'],
  [41037, 'F', 'contact way: bad parameter', '联系我参数不合法'],
  [41038, 'F', 'contact way: bad parameter', '联系我参数不合法'],
  [41039, 'F', 'contact way: bad parameter', '联系我参数不合法'],
  [41040, 'F', 'contact way: bad parameter', '联系我参数不合法'],
  [41041, 'F', 'contact way: too many members', '联系我成员过多'],
  [41042, 'F', 'contact way: bad parameter', '联系我参数不合法'],
  [41043, 'F', 'contact way: bad parameter', '联系我参数不合法'],
  [41044, 'F', 'contact way: bad parameter', '联系我参数不合法'],
  [41045, 'F', 'contact way: the corp has its most', '联系我数量达到上限'],
  [41046, 'F', 'mass send id missing', '缺少群发消息 ID'],
  [41047, 'F', 'invalid mass send id', '无效的群发消息 ID'],
  [41048, 'B', 'no sendable customer', '没有可发送的客户'],
  [41049, 'F', 'welcome code missing', '缺少欢迎语 code'],
  [41050, 'B', 'welcome code invalid or expired', '欢迎语 code 无效或过期'],
  [41051, 'B', 'already chatting, or welcome already delivered', '已开始聊天或已发送过欢迎语'],
  [41053, 'B', 'customer has not accepted chat archiving', '客户未同意聊天存档'],
  [41054, 'F', 'contact way: member is not activated', '成员未激活'],
  [41056, 'B', 'external user id of another identity', '外部联系人 ID 身份不符'],
  [41063, 'W', 'being dispatched', '正在派发', 5_000],
  [41064, 'F', 'too many attachments', '附件过多'],
  [41065, 'F', 'bad attachment type', '附件类型不支持'],
  [41072, 'B', 'media of another scene', 'media_id 场景不符'],
  [41078, 'Q', 'too many jobs', '异步任务过多', MINUTE_MS],
  [41079, 'W', 'being dispatched', '正在派发', 5_000],
  [41093, 'B', 'mass send was cancelled', '群发已停止'],
  [41094, 'Q', 'no more reminders today', '今日提醒次数已达上限', DAY_MS],
  [41095, 'B', 'acquisition link: the corp has its most', '获客链接数量超过上限'],
  [41096, 'R', 'another app is sending the welcome', '其他应用正在发送欢迎语', 700],
  [41098, 'B', 'acquisition link: granted to another component', '获客链接已授权给其他组件'],
  [41110, 'B', 'tag: id, name or number not allowed', '标签 ID、名称或数量不合法'],
  [41111, 'B', 'tag: id, name or number not allowed', '标签 ID、名称或数量不合法'],
  [41200, 'B', 'acquisition or product: limit', '获客或商品限制'],
  [41201, 'B', 'acquisition or product: limit', '获客或商品限制'],
  [41202, 'B', 'acquisition or product: limit', '获客或商品限制'],
  [41210, 'Q', 'moments: monthly cap', '朋友圈月上限', HOUR_MS],
  [41211, 'F', 'moments not enabled', '朋友圈未启用'],
  ...range(
    41300,
    41305,
    'F',
    'mass template: text, placeholder or pair',
    '群发模版：渲染、占位符或关系对',
  ),
  [42001, 'T', 'access token expired', 'access_token 已过期'],
  [43001, 'F', 'GET expected', '需要 GET 请求'],
  [43002, 'F', 'POST expected', '需要 POST 请求'],
  [45001, 'B', 'media too big', '媒体文件过大'],
  [45002, 'B', 'text too long', '消息内容过长'],
  [45009, 'Q', 'rate limit', '接口调用超过频率限制', MINUTE_MS],
  [45029, 'F', 'answer too large: ask for smaller pages', '回包过大'],
  [45033, 'Q', 'too many concurrent calls', '接口并发超过限制'],
  [45035, 'R', 'conflict with a concurrent call', '并发操作冲突'],
  [45036, 'Q', 'data volume limit', '接口数据量超过限制', MINUTE_MS],
  [46004, 'F', 'member does not exist', '成员不存在'],
  [48001, 'F', 'API not authorised', 'API 未授权'],
  [48002, 'F', 'app may not call this API', '应用无权调用该接口'],
  ...range(48003, 48005, 'F', 'API not authorised', 'API 未授权'),
  [48006, 'F', 'permission withdrawn', '接口权限已被收回'],
  ...range(48007, 48009, 'F', 'API not authorised', 'API 未授权'),
  [48010, 'F', 'TLS version too old', 'TLS 版本过低'],
  [48011, 'F', 'corp not active enough', '企业活跃度过低'],
  [50001, 'F', 'domain not trusted', '域名不可信'],
  [50002, 'F', 'member not in the app', '成员不在应用可见范围'],
  [50003, 'F', 'app disabled', '应用已停用'],
  [50100, 'F', 'bad cursor', '分页游标无效'],
  [60011, 'F', 'no right to the member', '无权操作该成员'],
  [60020, 'F', 'IP address not trusted', 'IP 不在企业可信名单'],
  [60021, 'F', 'member out of the visible range', '成员不在可见范围'],
  [60030, 'F', 'rule group or meeting room out of the visible range', '超出应用可见范围'],
  [60031, 'F', 'app may call no API any more', '当前应用已禁止调用 API'],
  [60111, 'F', 'member does not exist', '成员不存在'],
  [81013, 'F', 'no receiver in the visible range', '接收人全部无效'],
  [81026, 'R', 'maintenance', '系统维护中'],
  [81017, 'F', 'too much asked for: filter by owner', '数量超限'],
  [82004, 'B', 'blocked as sensitive', '含敏感内容'],
  [84061, 'B', 'no relation with this customer', '不是该成员的外部联系人'],
  [84074, 'F', 'no external-contact right', '无外部联系人权限'],
  [84083, 'F', 'not a service member', '非服务人员'],
  [84084, 'B', 'not a follower', '非跟进人员'],
  [85002, 'B', 'blocked as sensitive', '含敏感内容'],
  [301002, 'F', 'token of another app', 'AgentID 与 token 不符'],
  ...range(90206, 90208, 'F', 'mini-program not linked', '小程序未关联'),
  ...range(90500, 90509, 'B', 'group handover', '客户群继承'),
  [301042, 'F', 'chat archive', '会话存档'],
  [301048, 'F', 'chat archive', '会话存档'],
  ...range(301052, 301053, 'F', 'chat archive', '会话存档'),
  ...range(301058, 301061, 'F', 'chat archive', '会话存档'),
  [701008, 'F', 'no interconnection licence', '缺少互通账号许可'],
];

const ROWS: ReadonlyMap<number, Row> = new Map(TABLE.map((row) => [row[0], row]));

/** Ours, and no call gets past them: secret, address, the app as a whole. Other codes of ours may be about one member or one API. */
const WIDE: ReadonlySet<number> = new Set([
  40001, 40013, 40014, 40091, 41001, 41002, 41004, 42001, 48006, 48010, 48011, 50003, 60020, 60031,
]);

/** Ordinary answers to what is not done yet, or was done often enough: being dispatched, reminded, welcomed by another app. */
const IN_HAND: ReadonlySet<number> = new Set([41063, 41078, 41079, 41094, 41096, 41210]);

export const isInHand = (errcode: number): boolean => IN_HAND.has(errcode);

/** An unknown code may be about anything, so it ends nothing: it waits for a person, with growing pauses. */
const UNKNOWN = (code: number): Row => [code, 'F', 'unknown code', '未知错误码'];

/** Whose fault an answer is. `ours`: a person on our side must act. `theirs`: WeCom is busy, counts, or is not done yet. */
export type Fault = 'message' | 'ours' | 'theirs';

const FAULTS: Readonly<Record<WecomClass, Fault>> = {
  R: 'theirs',
  T: 'ours',
  Q: 'theirs',
  W: 'theirs',
  B: 'message',
  F: 'ours',
};

export interface WecomErrorClass {
  readonly kind: WecomClass;
  /** `message`: of this message or this customer. */
  readonly fault: Fault;
  readonly en: string;
  readonly zh: string;
  /** True: about this message or this customer, and never different however often it is asked. */
  readonly isFinal: boolean;
  /** When the same may succeed, where WeCom's own windows say it. */
  readonly retryAfterMs?: number;
}

/** The class and names of an errcode. */
export function classify(errcode: number): WecomErrorClass {
  const [, kind, en, zh, retryAfterMs] = ROWS.get(errcode) ?? UNKNOWN(errcode);
  const isFinal = kind === 'B';
  const fault = FAULTS[kind];
  return { kind, fault, en, zh, isFinal, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** WeCom answered, and said no: nothing was accepted. (An unknown outcome is a plain CodedError UNAVAILABLE.) */
export class WecomError extends CodedError {
  readonly kind: WecomClass;
  readonly fault: Fault;
  readonly isFinal: boolean;
  /** True: no call can succeed meanwhile. */
  readonly isWide: boolean;
  readonly retryAfterMs: number | undefined;
  /** Names this call in WeCom's own logs: quote it in support tickets. Absent when WeCom gave none. */
  readonly hint: string | undefined;

  /** `errmsg` is read for its hint only: the rest changes, and may hold ids or a token. */
  constructor(
    place: string,
    readonly errcode: number,
    errmsg: string,
  ) {
    const { kind, fault, en, zh, isFinal, retryAfterMs } = classify(errcode);
    const hint = /hint:\s*\[([\w-]{1,80})\]/.exec(errmsg)?.[1];

    super(
      CODES[kind],
      `${place}: ${errcode} ${en} (${zh})${hint === undefined ? '' : `, hint ${hint}`}`,
    );
    this.kind = kind;
    this.fault = fault;
    this.isFinal = isFinal;
    this.isWide = fault === 'theirs' || WIDE.has(errcode);
    this.retryAfterMs = retryAfterMs;
    this.hint = hint;
  }
}

const CODES: Readonly<Record<WecomClass, ErrorCode>> = {
  R: 'UNAVAILABLE',
  T: 'UNAVAILABLE',
  Q: 'UNAVAILABLE',
  W: 'UNAVAILABLE',
  B: 'INVALID_INPUT',
  F: 'UNAVAILABLE',
};
