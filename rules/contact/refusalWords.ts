// The words of refusal, in one place: what customers answer to "拒收请回复R", and what sounds as if they might mean it.

/** Each alone is a refusal, also several times in a row; so are four to eight zeros, and what our own note asks for. */
export const REFUSAL_TOKENS = ['t', 'td', 'r', 'n', 'stop', 'unsubscribe'] as const;

/** Short refusals, and the longer ones that hold them. */
export const REFUSAL_WORDS = [
  ...['退订', '退定', '拒收', '拒绝', '取消订阅'],
  ...['不要再发', '别再发', '别发', '不要发', '不用再发'],
  ...['不要再给我发', '别再给我发', '不要给我发', '别给我发'],
  ...['停止', '停止发送', '拒绝接收', '不再接收', '不想再收到', '不要打扰', '勿扰'],
] as const;

/** What may stand around a refusal without changing it. */
export const FILLER_WORDS = [
  ...['回复', '回', '发送', '请', '我要', '我', '要', '短信', '信息', '营销', '推送'],
  ...['谢谢', '了', '给', '再', '你们', '这些'],
] as const;

/** An answer with one of these asks something, and refuses nothing yet. */
export const QUESTION_MARKS = ['?', '？', '吗', '要不要'] as const;

/** A short answer with one of these may be a refusal: a person has to read it. */
export const DOUBTFUL_WORDS = [
  ...['退订', '拒收', '取消', '拒绝', '别发', '不要发', '不要再', '别再', '别给我', '别打'],
  ...['不想收', '不想再收', '不需要', '勿扰', '骚扰', '投诉', '举报', '烦', '屏蔽', '停发'],
  ...['unsubscribe', 'stop'],
] as const;

/** A whole short answer that may be a refusal. */
export const DOUBTFUL_ANSWER = 'qx';

/** Of a long answer, which tells a story of its own. */
export const DOUBTFUL_IN_LONG = [
  ...['退订', '拒收', '取消订阅', '不要再', '别再', '投诉', '举报'],
] as const;

/** Part of "麻烦", which asks politely, and not of "烦". */
export const POLITE_WORD = '麻烦';

/** A part of our note with one of these says what the customer is to answer. */
export const NOTE_WORDS = ['退订', '拒收', '取消', '停发'] as const;

/** Traditional signs that mean the same; every other one is compared as it is. */
export const SIMPLIFIED: Readonly<Record<string, string>> = {
  ...{ 訂: '订', 煩: '烦', 擾: '扰', 請: '请', 發: '发', 騷: '骚', 關: '关', 閉: '闭' },
  ...{ 絕: '绝', 給: '给', 別: '别', 復: '复', 覆: '复', 訴: '诉', 舉: '举', 報: '报' },
  ...{ 謝: '谢', 營: '营', 銷: '销' },
};
