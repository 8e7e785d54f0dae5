import { sequenceFaultWords } from '../words/sequenceFault';
import { type SequenceReferences, sequenceFaults } from './faults';
import type { Sequence, StepAction } from './sequence';

const PLAN = { id: 'p-58', name: '58 元套餐', kind: 'plan', fee: 58 } as const;
const REFERENCES: SequenceReferences = {
  catalogue: {
    products: [
      { ...PLAN, onShelf: true },
      { ...PLAN, id: 'p-18', name: '18 元套餐', onShelf: false },
    ],
    migrations: [],
    scenes: [{ id: 'renewal', name: '续约', scripts: [] }],
  },
  pinnedCatalogues: new Map(),
  templates: new Map([
    ['t-hello', { channel: 'wecom', class: 'service', text: '您好' }],
    ['t-58@2', { class: 'marketing', texts: { sms: '58', wecom: '58' } }],
  ]),
  templateIds: ['t-hello', 't-58'],
  sequenceIds: ['silent-customer'],
};
const window = { from: '10:00', to: '12:00' };

const withAction = (action: StepAction): Sequence => ({
  start: { kind: 'added' },
  reentry: 'never',
  steps: [{ id: 'a', day: 0, window, do: action }],
});

const send = (change: object): StepAction => ({
  ...{ kind: 'send', channel: 'wecom', class: 'service', template: 't-hello' },
  ...change,
});

const saidOf = (sequence: Sequence): readonly string[] =>
  sequenceFaults('new-friend', sequence, REFERENCES).map(
    (fault) => `${fault.path}: ${sequenceFaultWords(fault).en}`,
  );

test('a sequence whose texts, scenes and products are all there has no fault', () => {
  expect(saidOf(withAction(send({})))).toEqual([]);
  expect(saidOf(withAction({ kind: 'call', scene: 'renewal', product: 'p-58' }))).toEqual([]);
  const pinned = { channel: 'sms', class: 'marketing', template: 't-58@2' };
  expect(saidOf(withAction(send(pinned)))).toEqual([]);
});

test.each<[StepAction, string]>([
  [
    send({ template: 't-helo' }),
    'steps[0].do.template: no template "t-helo" is published; did you mean "t-hello"?',
  ],
  [
    send({ template: 't-58@9', class: 'marketing' }),
    'steps[0].do.template: "t-58@9": no version 9 is published',
  ],
  [
    send({ channel: 'sms' }),
    'steps[0].do.template: template "t-hello" has no text for SMS (it has: WeCom)',
  ],
  [
    send({ class: 'marketing' }),
    'steps[0].do.template: template "t-hello" is of class service, the step of class marketing',
  ],
  [
    { kind: 'call', scene: 'renewel' },
    'steps[0].do.scene: no scene "renewel" is published; did you mean "renewal"?',
  ],
  [send({ product: 'p-18' }), 'steps[0].do.product: product "18 元套餐" (p-18) is off the shelf'],
  [
    { kind: 'task', template: 't-helo' },
    'steps[0].do.template: no template "t-helo" is published; did you mean "t-hello"?',
  ],
])('%j is named by its place', (action, said) => {
  expect(saidOf(withAction(action))).toEqual([said]);
});

test('the sequence that follows has to be there, and may be itself but not for ever', () => {
  const next = (sequence: string) => [{ do: { kind: 'next' as const, sequence } }];
  const base = withAction(send({}));

  expect(saidOf({ ...base, atEnd: next('silent-customer') })).toEqual([]);
  expect(saidOf({ ...base, atEnd: next('silent-custmer') })).toEqual([
    'atEnd[0].do.sequence: no sequence "silent-custmer" is published; did you mean "silent-customer"?',
  ]);
  expect(saidOf({ ...base, atEnd: next('new-friend') })).toEqual([]);
  expect(saidOf({ ...base, reentry: 'always', atEnd: next('new-friend') })).toEqual([
    'atEnd[0].do.sequence: sequence "new-friend" goes on with itself and may always be entered again: it would never end',
  ]);
});
