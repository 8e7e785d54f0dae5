// A customer goes through the steps of a published sequence, each in its time, until they are over or a stop condition holds.

import type { InputOf } from '../../rules/journey/kinds';
import type { JourneyResult } from '../../rules/journey/messages';
import { runJourney } from '../kit/journey';
import { type Course, openCourse } from '../kit/steps/course';
import { endCourse } from '../kit/steps/end';
import { beside, heedStops } from '../kit/steps/stopping';
import { walk } from '../kit/steps/walk';

export async function sequence(input: InputOf<'sequence'>): Promise<JourneyResult> {
  let course: Course | undefined;

  return runJourney(
    'sequence',
    input,
    async (_run, frame) => {
      course = await openCourse(frame, input);
      heedStops(course);

      const watching = beside(course);
      try {
        await walk(course);
      } finally {
        await watching;
      }
      return 'completed';
    },
    {
      closing: async (outcome) => {
        if (course) await endCourse(course, outcome);
      },
    },
  );
}
