import { sequenceChangeWords } from '../words/sequence';
import { diffSequences } from './diff';
import type { Sequence, SequenceStep } from './sequence';

const hello: SequenceStep = {
  ...{ id: 'hello', day: 0, window: { from: '10:00', to: '12:00' } },
  do: { kind: 'send', channel: 'wecom', class: 'service', template: 't-hello' },
};
const call: SequenceStep = { ...hello, id: 'call', day: 3, do: { kind: 'call', scene: 's' } };
const BEFORE: Sequence = {
  start: { kind: 'contract-end', daysBefore: 60 },
  reentry: 'never',
  steps: [hello, call],
};

const said = (after: Partial<Sequence>, lang: 'en' | 'zh-CN' = 'en') =>
  diffSequences(BEFORE, { ...BEFORE, ...after }).map((change) => sequenceChangeWords(change)[lang]);

test('a sequence has not changed by the order of its keys', () => {
  const window = { to: '12:00', from: '10:00' };
  expect(said({ steps: [{ ...hello, window }, call] })).toEqual([]);
});

test('changes are said field by field, in both languages', () => {
  const later = { ...hello, day: 1, do: { ...hello.do, template: 't-2' } as SequenceStep['do'] };
  const changed = { start: { kind: 'birthday' }, steps: [later, call] } as const;
  expect(said(changed)).toEqual([
    'start 60 days before the end of the contract → day of the birthday',
    'step "hello": day 0 → 1',
    'step "hello": template t-hello → t-2',
  ]);
  expect(said(changed, 'zh-CN')).toEqual([
    '开始条件 合约到期前 60 天 → 生日当天',
    '步骤「hello」：天数 0 → 1',
    '步骤「hello」：话术 t-hello → t-2',
  ]);
});

test('steps that come and go are named with what they do', () => {
  const tag: SequenceStep = { ...hello, id: 'tag', do: { kind: 'tag', tags: ['new'] } };
  expect(said({ steps: [hello, tag] })).toEqual([
    'removed step "call": day 3, 10:00-12:00: a member calls',
    'added step "tag": day 0, 10:00-12:00: tag new',
  ]);
});

test('which of two steps comes first is a change', () => {
  expect(said({ steps: [call, hello] })).toEqual([
    'order of steps ["hello","call"] → ["call","hello"]',
  ]);
});

test('what was absent reads as none', () => {
  expect(said({ steps: [{ ...hello, lateWithinHours: 24 }, call] })).toEqual([
    'step "hello": late within hours none → 24',
  ]);
});
