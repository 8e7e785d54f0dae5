import { readCalendarFile, writeCalendarFile } from './calendarYaml';
import { FileFaults } from './yamlPlaces';

const text = `# 月度日历
id: month-cycle
timezone: Asia/Shanghai
phases:
  - { id: month-start, fromDay: 1, toDay: 5 } # bills are out
slots:
  - id: balance
    phase: month-start
    anchor: { kind: billDay, offsetDays: 1 }
    at: 10:00
    audience:
      plan.fee: { $lt: 58 }
      brand: null
    touch:
      channel: wecom
      class: marketing
`;
const body = {
  timezone: 'Asia/Shanghai',
  phases: [{ id: 'month-start', fromDay: 1, toDay: 5 }],
  slots: [
    {
      id: 'balance',
      phase: 'month-start',
      anchor: { kind: 'billDay', offsetDays: 1 },
      at: '10:00',
      audience: { 'plan.fee': { $lt: 58 }, brand: null },
      touch: { channel: 'wecom', class: 'marketing' },
    },
  ],
} as const;

const faultsOf = (given: string): readonly string[] => {
  try {
    readCalendarFile(given);
    return [];
  } catch (error) {
    if (!(error instanceof FileFaults)) throw error;
    return error.faults.map(({ line, column, message }) => `${line}:${column} ${message}`);
  }
};

it('reads a calendar with its comments, its times as times and its nulls as values', () => {
  expect(readCalendarFile(text)).toMatchObject({ id: 'month-cycle', body });
});

it('takes the version that a file names for what it is: of the file, and not of the draft', () => {
  expect(readCalendarFile(`version: 7\n${text}`).body).toEqual(body);
});

describe('names by line, column, value and what is allowed', () => {
  it.each([
    [
      'at: 10:00',
      'at: 25:00',
      '10:9 slots[0].at: "25:00" is not allowed; allowed: a wall time HH:mm from 00:00 to 23:59',
    ],
    [
      'class: marketing',
      'class: spam',
      '16:14 slots[0].touch.class: "spam" is not allowed; allowed: transactional, service, marketing, reply',
    ],
    [
      'kind: billDay',
      'kind: payDay',
      '9:21 slots[0].anchor.kind: "payDay" is not allowed; allowed: date, monthDay, workday, weekday, weekly, holiday, billDay, cycleEnd, activation',
    ],
    [
      '    phase: month-start',
      '    phase: month-end',
      '8:12 slots[0].phase: "month-end" is not allowed; allowed: month-start',
    ],
    [
      'id: month-cycle',
      'id: month cycle',
      '2:5 id: "month cycle" is not allowed; allowed: 1 to 80 letters, digits, dots, dashes, underscores or @, not starting with a sign',
    ],
    [
      '{ $lt: 58 }',
      '{ $where: 58 }',
      expect.stringMatching(/^12:\d+ slots\[0\]\.audience\.plan\.fee\.\$where: /),
    ],
    [
      '      channel: wecom\n',
      '',
      '15:7 slots[0].touch.channel: missing; allowed: a value of type string',
    ],
    [
      '    at:',
      '    att:',
      expect.stringMatching(/^10:5 slots\[0\]\.att: unknown key; allowed: id, /),
    ],
    ['id: month-cycle\n', '', expect.stringMatching(/^2:1 id: missing/)],
  ])('%s → %s', (before, after, fault) => {
    expect(faultsOf(text.replace(before, after))).toContainEqual(fault);
  });

  it('several at once', () => {
    const wrong = text
      .replace('10:00', '10')
      .replace('toDay: 5', 'toDay: 40')
      .replace('wecom', '3');
    expect(
      faultsOf(wrong).map((fault) => fault.split(':').slice(0, 2).join(':').split(' ')[0]),
    ).toEqual(['5:43', '10:9', '15:16']);
  });

  it('what is no YAML', () => {
    expect(faultsOf('id: a\nslots: [\n')).toEqual([expect.stringMatching(/^[23]:\d+ /)]);
    expect(faultsOf('id: a\nid: b\n')).toEqual(['2:1 Map keys must be unique']);
    expect(faultsOf('a: 1\n---\nb: 2\n')).toEqual([
      expect.stringMatching(/^2:1 .*multiple documents/),
    ]);
    expect(faultsOf('id: !!js/function a\n')).toEqual([expect.stringMatching(/^1:5 /)]);
    for (const nothing of ['', '- a\n', 'calendar\n'])
      expect(faultsOf(nothing)).toEqual([expect.stringMatching(/^1:1 no calendar; allowed/)]);
  });

  it('what stands behind an alias, where it is written', () => {
    const shared = `${text}  - id: second\n    anchor: &day { kind: date, date: 2026-02-30 }\n    at: 10:00\n    touch: { channel: sms, class: service }\n  - id: third\n    anchor: *day\n    at: 10:00\n    touch: { channel: sms, class: service }\n`;
    expect(faultsOf(shared).map((fault) => fault.split(' ')[0])).toEqual(['18:38', '18:38']);
  });

  it('a file that aliases would blow up', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...['b', 'c', 'd', 'e'].map(
        (key, i) => `${key}: &${key} [${Array(9).fill(`*${'abcd'[i]}`).join(',')}]`,
      ),
    ].join('\n');
    expect(faultsOf(bomb)).toEqual([expect.stringMatching(/^1:1 .*alias/)]);
  });
});

it('writes the same text for the same calendar, in the order in which people read it', () => {
  const [slot] = body.slots;
  const { id, ...rest } = slot;
  const plan = {
    slots: [{ ...rest, id, at: '09:30' }],
    timezone: body.timezone,
    id: 'x',
    version: 0,
  };
  const written = writeCalendarFile('month-cycle', 3, plan);
  expect(written).toBe(`# month-cycle@3

id: month-cycle
timezone: Asia/Shanghai
slots:
  - id: balance
    phase: month-start
    anchor:
      kind: billDay
      offsetDays: 1
    at: "09:30"
    audience:
      plan.fee:
        $lt: 58
      brand: null
    touch:
      channel: wecom
      class: marketing
`);
});

it('reads back what it writes', () => {
  const written = writeCalendarFile('month-cycle', 3, { ...body, id: 'x', version: 0 });
  expect(readCalendarFile(written)).toMatchObject({ id: 'month-cycle', body });
});
