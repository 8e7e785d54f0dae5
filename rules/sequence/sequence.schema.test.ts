import { isCodedError } from '../base/errors';
import { readSequence } from './sequence.schema';

const step = {
  id: 'hello',
  day: 0,
  window: { from: '10:00', to: '20:00' },
  do: { kind: 'send', channel: 'wecom', class: 'service', template: 'hello' },
};
const sequence = { start: { kind: 'added' }, reentry: 'never', steps: [step] };

const issuesOf = (body: object): readonly string[] => {
  try {
    readSequence(body, 'body');
    return [];
  } catch (error) {
    if (!isCodedError(error)) throw error;
    return error.issues.map(({ path, message }) => `${path}: ${message}`);
  }
};

const withStep = (change: object) => ({ ...sequence, steps: [{ ...step, ...change }] });

describe('a sequence as it is written', () => {
  it('is read as it stands', () => {
    expect(readSequence(sequence, 'body')).toEqual(sequence);
  });

  it('keeps the nulls of its conditions', () => {
    const body = { ...withStep({ when: { brand: null } }), audience: { city: null } };
    expect(readSequence(body, 'body')).toEqual(body);
  });

  it.each([
    [withStep({ dya: 3 }), 'body.steps[0].dya: unknown key'],
    [withStep({ day: -1 }), 'body.steps[0].day: -1 is not allowed; allowed: a number >= 0'],
    [withStep({ day: 731 }), 'body.steps[0].day: 731 is not allowed; allowed: a number <= 730'],
    [
      withStep({ window: { from: '20:00', to: '10:00' } }),
      'body.steps[0].window.to: "10:00" is not allowed; allowed: a wall time later than `from`',
    ],
    [
      withStep({ do: { kind: 'sned' } }),
      'body.steps[0].do.kind: "sned" is not allowed; allowed: send, task, notice, group-invite, moments, call, tag, stage',
    ],
    [
      withStep({ do: { kind: 'call' } }),
      'body.steps[0].do.template: missing; allowed: a text, or else a `scene`',
    ],
    [
      withStep({ do: { ...step.do, class: 'reply' } }),
      'body.steps[0].do.class: "reply" is not allowed; allowed: marketing, service',
    ],
    [withStep({ when: { $where: '1' } }), 'body.steps[0].when.$where'],
    [
      { ...sequence, start: { kind: 'add' } },
      'body.start.kind: "add" is not allowed; allowed: added, stage, birthday, silent, order, contract-end, request',
    ],
    [
      { ...sequence, stopWhen: [{ kind: 'silent' }] },
      'body.stopWhen[0].kind: "silent" is not allowed; allowed: replied, converted, tagged, opted-out, deleted',
    ],
    [{ ...sequence, reentry: 'sometimes' }, 'body.reentry: "sometimes" is not allowed'],
    [
      { ...sequence, steps: [step, step] },
      'body.steps[1].id: "hello" is not allowed; allowed: an id that no other step has',
    ],
    [{ ...sequence, steps: [] }, 'body.steps'],
  ])('is refused by its place: %j', (body, issue) => {
    const [first = 'accepted'] = issuesOf(body);
    expect(first).toContain(issue);
  });
});
