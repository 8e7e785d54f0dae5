// WeCom's refusals: always HTTP 200, the code decides, and the text carries a hint for support.

/** A business failure that the caller must read from `errcode`. */
export class WecomError extends Error {
  constructor(
    readonly errcode: number,
    readonly detail?: string,
  ) {
    super(detail ?? ERRCODES[errcode] ?? `errcode ${errcode}`);
  }
}

const ERRCODES: Readonly<Record<number, string>> = {
  [-1]: 'system busy',
  40001: 'invalid credential',
  40003: 'invalid userid',
  40007: 'invalid media_id',
  40013: 'invalid corpid',
  40014: 'invalid access_token',
  40056: 'invalid agentid',
  40058: 'invalid Request Parameter',
  40063: 'some parameters are empty',
  40068: 'invalid tagid',
  40071: 'invalid tag name',
  40096: 'invalid external userid',
  40201: 'message refused by anti-spam',
  41001: 'access_token missing',
  41002: 'corpid missing',
  41004: 'corpsecret missing',
  41046: 'missing msgid',
  41047: 'invalid msgid',
  41048: 'no customer to send',
  41049: 'missing welcome_code',
  41050: 'invalid welcome_code',
  41051: 'external user has started chatting',
  41053: 'external user has not agreed to be archived',
  41063: 'message is being dispatched, retry later',
  41064: 'too many attachments',
  41065: 'invalid attachment msgtype',
  41093: 'message has been cancelled',
  41094: 'remind times over limit',
  41096: 'welcome message is being sent by another app',
  41111: 'invalid tag list size',
  42001: 'access_token expired',
  43001: 'require GET method',
  43002: 'require POST method',
  45002: 'content size out of limit',
  45009: 'api freq out of limit',
  45033: 'api concurrent out of limit',
  50100: 'invalid cursor',
  60111: 'invalid string value, userid not found',
  81013: 'user & party & tag all invalid',
  84061: 'not external contact',
  301002: 'not allow operate another agent with this accesstoken',
};

/** The text of a failure as WeCom words it: the sentence changes, the code does not. */
export function errmsg(
  error: { readonly errcode: number; readonly message: string },
  hint: string,
  ip: string,
): string {
  return `${error.message}, hint: [${hint}], from ip: ${ip}, more info at https://open.work.weixin.qq.com/devtool/query?e=${error.errcode}`;
}
