import { journeyTests, type Script } from '../../testing/journeyTests';

const journeys = journeyTests();

/** Answers with so many hours a turn, one after the other. */
function hours(...turns: number[]): Script {
  let asked = 0;
  return {
    sealHours: async () => {
      const sealed = turns[asked++] ?? 0;
      return { sealed, until: '2090-03-06T02:00:00.000Z', more: asked < turns.length };
    },
  };
}

test('seals on until no more hours are over, and says how many there were', async () => {
  const run = await journeys.start('sealLedger', {}, hours(24, 24, 3));
  expect(await run.end()).toBe('sealed 51');
  expect(run.inputs('sealHours')).toHaveLength(3);
});
