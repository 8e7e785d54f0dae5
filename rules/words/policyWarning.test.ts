import type { Policy } from '../policy/policy.schema';
import { policyWarnings } from '../policy/warnings';
import { withWords } from './policyWarning';

const policy = (fields: Partial<Policy>): Policy => ({
  id: 'p',
  version: 1,
  timezone: 'Asia/Shanghai',
  ...fields,
});
const cap = (id: string, limit: number, hours: number, fields: object = {}) => ({
  id,
  classes: ['marketing' as const],
  limit,
  window: { kind: 'rolling' as const, hours },
  ...fields,
});

describe('a policy is warned of', () => {
  it.each<readonly [string, Partial<Policy>, string]>([
    ['nothing where all is well', { caps: [cap('day', 1, 24), cap('week', 3, 168)] }, ''],
    [
      'a whole day that is quiet every day',
      { quietHours: [{ id: 'q', classes: ['marketing'], from: '09:00', to: '09:00' }] },
      'quietHours: quiet hours leave no time of any day for marketing: nothing can ever be sent',
    ],
    [
      'windows that leave no time on one channel together',
      {
        quietHours: [
          { id: 'night', classes: ['marketing'], from: '21:00', to: '09:00' },
          { id: 'day', classes: ['marketing'], channels: ['sms'], from: '08:00', to: '21:00' },
        ],
      },
      'quietHours: quiet hours leave no time of any day for marketing on SMS: nothing can ever be sent',
    ],
    [
      'nothing where a minute is left, or a day of the week',
      {
        quietHours: [
          { id: 'night', from: '21:00', to: '09:00' },
          { id: 'day', from: '09:01', to: '21:00' },
          { id: 'rest', days: ['sat', 'sun'], from: '00:00', to: '00:00' },
        ],
      },
      '',
    ],
    [
      'a cap of none',
      { caps: [cap('none', 0, 24)] },
      'caps[0].limit: cap "none" is 0: nothing it applies to ever passes',
    ],
    [
      'a cap that a longer one of the same scope fills before it',
      { caps: [cap('day', 5, 24), cap('week', 3, 168)] },
      'caps[0].limit: cap "day" (daily, 5) never binds: "week" (weekly, 3) is full before',
    ],
    [
      'nothing where the scopes differ',
      { caps: [cap('day', 5, 24, { channels: ['sms'] }), cap('week', 3, 168)] },
      '',
    ],
    [
      'a gap that outlasts the longest wait',
      { maxDeferHours: 24, gaps: [{ id: 'g', hours: 48 }] },
      'gaps[0].hours: gap "g" of 48 h is longer than the longest deferral of 24 h: soon after a touch the next is suppressed, not deferred',
    ],
    [
      'a gap that outlasts the longest wait behind an open touch',
      { maxDeferHours: 26, gaps: [{ id: 'g', hours: 4, openCounts: 'deadline' }] },
      'gaps[0].hours: gap "g" of 4 h begins at the deadline of an open touch, as a rule 24 h later; together longer than the longest deferral of 26 h: behind an open touch the next is suppressed, not deferred',
    ],
    [
      'nothing where the longest wait has room for both',
      { maxDeferHours: 28, gaps: [{ id: 'g', hours: 4, openCounts: 'deadline' }] },
      '',
    ],
    [
      'a rule about nothing',
      { gaps: [{ id: 'g', classes: [], hours: 4 }] },
      'gaps[0].classes: classes is empty: the rule never applies',
    ],
  ])('%s', (_, fields, expected) => {
    const found = policyWarnings(policy(fields)).map(withWords);
    expect(found.map(({ path, words }) => `${path}: ${words.en}`)).toEqual(
      expected === '' ? [] : [expected],
    );
    for (const { words } of found) expect(words['zh-CN']).toMatch(/[一-鿿]/);
  });
});
