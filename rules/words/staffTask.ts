// Tasks of staff in the words of people.

import type { StaffTaskState } from '../contact/staffTask';
import type { StaffActionKind } from '../sequence/sequence';

interface ShownWords {
  readonly zh: string;
  readonly en: string;
}

const KINDS: Readonly<Record<StaffActionKind, ShownWords>> = {
  task: { zh: '跟进任务', en: 'follow-up' },
  notice: { zh: '提醒', en: 'notice' },
  'group-invite': { zh: '邀请入群', en: 'invitation to a group' },
  moments: { zh: '发朋友圈', en: 'moments post' },
  call: { zh: '外呼名单', en: 'call' },
};

const STATES: Readonly<Record<StaffTaskState, ShownWords>> = {
  open: { zh: '待处理', en: 'open' },
  done: { zh: '已完成', en: 'done' },
  'not-reached': { zh: '未联系上', en: 'not reached' },
  missed: { zh: '已错过', en: 'missed' },
  cancelled: { zh: '已取消', en: 'cancelled' },
};

export const staffTaskWords = ({
  kind,
  state,
}: {
  readonly kind: StaffActionKind;
  readonly state: StaffTaskState;
}) => ({ kind: KINDS[kind], state: STATES[state] });
