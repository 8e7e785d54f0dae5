import { sequenceNumbers } from './numbers';

it('counts entries, steps and tasks by version, the newest first', () => {
  const numbers = sequenceNumbers({
    entries: [
      { version: 1, state: 'running', count: 2 },
      { version: 1, state: 'admitted', count: 1 },
      { version: 1, state: 'ended', outcome: 'replied', count: 3 },
      { version: 1, state: 'ended', outcome: 'completed', count: 4 },
      { version: 2, state: 'refused', reason: 'was-in-before', count: 5 },
    ],
    steps: [
      { version: 1, step: 'b', state: 'done', count: 1 },
      { version: 1, step: 'a', state: 'missed', reason: 'held', count: 2 },
      { version: 1, step: 'a', state: 'missed', reason: 'not-done', count: 3 },
      { version: 1, step: 'a', state: 'late', count: 1 },
    ],
    tasks: [{ version: 1, step: 'a', state: 'open', count: 6 }],
    stepsOf: new Map([[1, ['none-yet', 'a', 'b']]]),
  });

  expect(numbers).toEqual([
    { version: 2, underWay: 0, ended: {}, refused: { 'was-in-before': 5 }, steps: [] },
    {
      ...{ version: 1, underWay: 3, ended: { replied: 3, completed: 4 }, refused: {} },
      steps: [
        { step: 'none-yet', states: {}, reasons: {}, tasks: {} },
        {
          step: 'a',
          states: { missed: 5, late: 1 },
          reasons: { 'missed:held': 2, 'missed:not-done': 3 },
          tasks: { open: 6 },
        },
        { step: 'b', states: { done: 1 }, reasons: {}, tasks: {} },
      ],
    },
  ]);
});

it('has nothing to say of a sequence that nobody was in', () => {
  expect(sequenceNumbers({ entries: [], steps: [], tasks: [], stepsOf: new Map() })).toEqual([]);
});
