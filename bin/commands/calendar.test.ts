import { PassThrough, Readable } from 'node:stream';
import { runCalendar } from './calendar';

const calendar = {
  id: 'month-cycle',
  version: 1,
  timezone: 'Asia/Shanghai',
  slots: [
    {
      id: 'balance',
      anchor: { kind: 'billDay', offsetDays: 1 },
      at: '10:00',
      touch: { channel: 'wecom', class: 'marketing', template: 't-58' },
    },
  ],
};
const asked = {
  calendar,
  contacts: [{ contactId: 'c-1', billDay: 15 }],
  from: '2026-03-01',
  to: '2026-03-31',
};

test('prints the occurrences of each line, and what is wrong with a malformed one', async () => {
  const output = new PassThrough();
  let text = '';
  output.on('data', (piece: Buffer) => {
    text += piece.toString();
  });
  const lines = [asked, { ...asked, to: 'May' }, { ...asked, to: '2026-02-01' }];
  const input = Readable.from(lines.map((line) => `${JSON.stringify(line)}\n`));

  expect(await runCalendar(input, output)).toBe(1);
  expect(
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    [
      {
        slotId: 'balance',
        contactId: 'c-1',
        date: '2026-03-16',
        at: '2026-03-16T02:00:00.000Z',
        touchId: 'month-cycle/balance/2026-03-16/c-1',
      },
    ],
    {
      error: {
        path: 'to',
        message: '"May" is not allowed; allowed: a date YYYY-MM-DD that exists',
      },
    },
    [],
  ]);
});
