import { isCodedError } from '../base/errors';
import { readPlan } from './plan.schema';

const body = {
  timezone: 'Asia/Shanghai',
  slots: [
    {
      id: 'balance',
      anchor: { kind: 'billDay' },
      at: '10:00',
      audience: { 'plan.fee': null },
      touch: { channel: 'wecom', class: 'marketing' },
    },
  ],
};

it('reads a calendar without its id and version, with the nulls of its conditions', () => {
  expect(readPlan(body, 'month-cycle', 'body')).toEqual({ ...body, id: 'month-cycle', version: 0 });
});

it('takes no slot id that would not fit into the id of a wave, and names every place at once', () => {
  const [slot] = body.slots;
  const wrong = { ...body, slots: [{ ...slot, id: 'a/b', at: '10' }], colour: 'red' };
  let issues: readonly string[] = [];
  try {
    readPlan(wrong, 'month-cycle', 'body');
  } catch (error) {
    if (isCodedError(error)) issues = error.issues.map(({ path }) => path);
  }
  expect(issues).toEqual(['body.slots[0].id', 'body.slots[0].at', 'body.colour']);
});
