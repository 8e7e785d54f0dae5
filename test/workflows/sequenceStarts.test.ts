import { ApplicationFailure } from '@temporalio/common';
import type { DueSums, SequenceStartsProgress } from '../../rules/journey/messages';
import { journeyTests, type Script } from '../../testing/journeyTests';

const journeys = journeyTests();

type Page = Awaited<ReturnType<NonNullable<Script['duePage']>>>;
const page = (fields: Partial<Page> = {}): Page => ({
  ...{ looked: 500, started: 2, repeated: 1, refused: 0, next: null },
  ...fields,
});

test.concurrent('the daily look goes through every sequence page by page, of one instant', async () => {
  const run = await journeys.start(
    'sequenceStarts',
    {},
    {
      datedSequences: async () => ({ sequences: ['birthday@2', 'silent@1'] }),
      duePage: async ({ sequence, after }) =>
        page({ next: sequence === 'birthday@2' && after === null ? 'c-500' : null }),
    },
  );
  expect(await run.runToEnd<DueSums[]>()).toEqual([
    { sequence: 'birthday@2', looked: 1000, started: 4, repeated: 2, refused: 0 },
    { sequence: 'silent@1', looked: 500, started: 2, repeated: 1, refused: 0 },
  ]);

  const looks = run.inputs('duePage') as { sequence: string; after: string | null; at: string }[];
  expect(looks.map(({ sequence, after }) => [sequence, after])).toEqual([
    ['birthday@2', null],
    ['birthday@2', 'c-500'],
    ['silent@1', null],
  ]);
  expect(new Set(looks.map(({ at }) => at)).size).toBe(1);
});

test.concurrent('a sequence that cannot be looked through keeps no other from its turn', async () => {
  const run = await journeys.start(
    'sequenceStarts',
    {},
    {
      datedSequences: async () => ({ sequences: ['broken@1', 'silent@1'] }),
      duePage: async ({ sequence }) => {
        if (sequence === 'silent@1') return page();
        throw ApplicationFailure.create({ type: 'INVALID_INPUT', nonRetryable: true });
      },
    },
  );
  expect(await run.runToEnd<DueSums[]>()).toMatchObject([
    { sequence: 'broken@1', failure: expect.any(String) },
    { sequence: 'silent@1', started: 2 },
  ]);
});

test.concurrent('goes on where another history left it, about the same day', async () => {
  const goOn: SequenceStartsProgress = {
    ...{ at: '2090-03-03T22:00:00.000Z', sequences: ['a@1', 'b@1'], done: 1, after: 'c-500' },
    sums: [
      { sequence: 'a@1', looked: 1, started: 1, repeated: 0, refused: 0 },
      { sequence: 'b@1', looked: 500, started: 3, repeated: 0, refused: 0 },
    ],
  };
  const run = await journeys.start('sequenceStarts', { goOn }, { duePage: async () => page() });
  expect(await run.runToEnd<DueSums[]>()).toMatchObject([
    { sequence: 'a@1', looked: 1 },
    { sequence: 'b@1', looked: 1000, started: 5 },
  ]);
  expect(run.inputs('duePage')).toEqual([
    { sequence: 'b@1', at: '2090-03-03T22:00:00.000Z', after: 'c-500' },
  ]);
});

test.concurrent('takes as many histories as it needs', async () => {
  const run = await journeys.start(
    'sequenceStarts',
    {},
    {
      datedSequences: async () => ({ sequences: ['a@1'] }),
      duePage: async ({ after }) =>
        page({ next: Number(after ?? 0) < 250 ? String(Number(after ?? 0) + 1) : null }),
    },
  );
  expect(await run.runToEnd<DueSums[]>()).toMatchObject([{ looked: 251 * 500 }]);
});
