// The State Council's notice, row by row, into a new version of a holiday table.

import { z } from 'zod';
import { holidayRows } from '../../rules/catalogue/holidayRows.schema';
import { strict } from '../../rules/input/shape.schema';
import { withHolidayRows } from '../../rules/time/holidayRows';
import * as answers from '../answers';
import { endpoint } from '../exchange';

export const importHolidays = endpoint({
  summary: [
    '按国务院放假通知逐日导入（日期、休/班、名称），生成新的节假日表草稿',
    'Draft a holiday table: the one in force with the days of a notice, one row a day',
  ],
  body: strict({ rows: holidayRows }),
  answer: answers.version.extend({ rest: z.int(), work: z.int() }),
  async handle({ deps, caller, params: { id = '' }, body: { rows } }) {
    const { holidays } = deps.stores;
    const table = (await holidays.current(id))?.body ?? { days: {}, names: {} };
    const at = new Date(deps.clock.now()).toISOString();
    const version = await holidays.draft(id, withHolidayRows(table, rows), caller.name, at);
    const count = (kind: 'rest' | 'work') => rows.filter((row) => row.kind === kind).length;

    return { status: 201, body: { ...version, rest: count('rest'), work: count('work') } };
  },
});
