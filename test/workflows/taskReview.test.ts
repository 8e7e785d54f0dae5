import { journeyTests, type Script, type TestRun } from '../../testing/journeyTests';

const journeys = journeyTests();

const reviewing = async (script: Script, input: object = {}): Promise<TestRun> =>
  journeys.start('taskReview', { rules: 'policies', id: 'default', number: 3, ...input }, script);

test.concurrent('tells every run that waits for staff, a page at a time, once the rules are published', async () => {
  let looks = 0;
  const after = { openTask: 'msg-1', touchId: 't-1' };
  const run = await reviewing({
    isPublished: async () => ++looks > 2,
    reviewTaskPage: async (page) => (page.after ? { told: 1 } : { told: 2, after }),
  });
  expect(await run.end()).toBe('reviewed');
  expect(run.inputs('isPublished')).toHaveLength(3);
  const rules = 'policies';
  expect(run.inputs('reviewTaskPage')).toEqual([{ rules }, { rules, after }]);
});

test.concurrent('waits until they are in force', async () => {
  const run = await reviewing({}, { effectiveFrom: '2090-03-07T00:00:00+08:00' });
  await run.later({ hours: 13 });
  expect(run.inputs('reviewTaskPage')).toEqual([]);
  await run.later({ hours: 2 });
  expect(run.inputs('reviewTaskPage')).toHaveLength(1);
});

test.concurrent('rules that were not published after all change nothing', async () => {
  const run = await reviewing({ isPublished: async () => false });
  expect(await run.end()).toBe('never-published');
  expect(run.inputs('reviewTaskPage')).toEqual([]);
});
