// Why a contact was not let into a sequence, in the words of people.

import type { EntryReason } from '../journey/reentry';

interface ShownWords {
  readonly zh: string;
  readonly en: string;
}

const REASONS: Readonly<Record<EntryReason, ShownWords>> = {
  'same-occasion': { zh: '同一事件已进入过', en: 'it was let in for the same before' },
  'was-in-before': { zh: '曾进入过，不再进入', en: 'it was in before, and is let in once' },
  'is-in-now': { zh: '正在序列中', en: 'it is in now' },
  'outside-audience': { zh: '不属于适用客户', en: 'it is not of the audience' },
  'unknown-contact': { zh: '客户不存在', en: 'there is no such contact' },
  'not-published': { zh: '序列未发布', en: 'the sequence is not published' },
  superseded: { zh: '已有更新的情况', en: 'something newer is known' },
  'too-late': { zh: '各步骤的时间均已过', en: 'the time of every step is over' },
  'not-due': { zh: '尚不适用', en: 'it is not due' },
  'cycle-over': { zh: '属于已结束的账期', en: 'it is of a bill cycle that is over' },
};

export const entryReasonWords = (reason: EntryReason): ShownWords => REASONS[reason];
