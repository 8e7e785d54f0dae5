import { ApplicationFailure } from '@temporalio/common';
import type { BookPageInput } from '../../activities/contract';
import { BOOK_PARTS, type BookReport, REAP_PARTS } from '../../rules/ledger/bookReport';
import { journeyTests, type Script, type TestRun } from '../../testing/journeyTests';

const journeys = journeyTests();

type Page = Awaited<ReturnType<NonNullable<Script['bookPage']>>>;
/** More than one history takes. */
const PAGES = 200;
const nothing: Page = { looked: 0, found: {}, next: null };

/** An instant of the run's clock, which begins some milliseconds after the hour. */
const about = (minute: string) => expect.stringMatching(new RegExp(`^${minute}:0`)) as string;
const pages = (run: TestRun) => run.inputs('bookPage') as BookPageInput[];
const reports = (run: TestRun) => run.inputs('saveBookReport') as BookReport[];
const partsRead = (run: TestRun) => pages(run).map(({ part, cursor }) => `${part} ${cursor ?? ''}`);

test.concurrent('a reconcile reads each part to its end, and keeps what it has found page by page', async () => {
  const run = await journeys.start(
    'reconcile',
    {},
    {
      bookPage: async ({ part, cursor }) => {
        if (part !== 'sms') return nothing;
        return cursor === null
          ? { looked: 200, found: { 'callback-missed': 2 }, next: '200' }
          : { looked: 7, found: { 'callback-missed': 1 }, next: null };
      },
    },
  );
  const report = await run.runToEnd<BookReport>();

  expect(partsRead(run)).toEqual([
    'mass-sends ',
    'sms ',
    'sms 200',
    'crm ',
    'iop ',
    'relations ',
    'leads ',
  ]);
  expect(report.parts.sms).toEqual({
    pages: 2,
    looked: 207,
    found: { 'callback-missed': 3 },
    state: 'done',
  });
  expect(Object.keys(report.parts)).toEqual([...BOOK_PARTS]);
  const kept = reports(run);
  expect(kept[1]?.parts.sms).toMatchObject({ pages: 1, state: 'running' });
  expect(kept.at(-1)).toEqual(report);
  expect(report.endedAt).toBeDefined();
});

test.concurrent('compares three days up to ten minutes ago, or what was asked for and no later', async () => {
  const nightly = await journeys.start('reconcile', {});
  await nightly.runToEnd();
  expect(pages(nightly)[0]).toMatchObject({
    from: about('2090-03-03T01:50'),
    to: about('2090-03-06T01:50'),
  });

  const asked = await journeys.start('reconcile', {
    from: '2090-03-01T00:00:00.000Z',
    to: '2090-03-09T00:00:00.000Z',
  });
  await asked.runToEnd();
  expect(pages(asked)[0]).toMatchObject({
    from: '2090-03-01T00:00:00.000Z',
    to: about('2090-03-06T01:50'),
  });
});

test.concurrent('a system that cannot be read ends its own part only, after half an hour or at once', async () => {
  const run = await journeys.start(
    'reconcile',
    {},
    {
      bookPage: async ({ part }) => {
        if (part === 'crm')
          throw ApplicationFailure.create({ type: 'UNAVAILABLE', message: 'away' });
        if (part === 'iop')
          throw ApplicationFailure.create({ type: 'NOT_FOUND', message: 'x', nonRetryable: true });
        return nothing;
      },
    },
  );
  const report = await run.runToEnd<BookReport>();
  expect(report.parts).toMatchObject({
    crm: { state: 'failed', failure: 'UNAVAILABLE' },
    iop: { state: 'failed', failure: 'NOT_FOUND' },
    leads: { state: 'done' },
  });
  expect(Date.parse(report.endedAt ?? '') - Date.parse(report.startedAt)).toBeLessThan(1.9e6);
});

test.concurrent('the reaper takes what had to be settled ten minutes ago, and keeps a report only of what it finds', async () => {
  const quiet = await journeys.start('reap', {});
  await quiet.runToEnd();
  expect(pages(quiet)).toEqual([
    { part: 'touches', from: expect.any(String), to: about('2090-03-06T01:50'), cursor: null },
    { part: 'strays', from: about('2090-03-05T23:00'), to: expect.any(String), cursor: null },
  ]);
  expect(reports(quiet)).toEqual([]);

  const alarm = await journeys.start(
    'reap',
    {},
    {
      bookPage: async ({ part }) =>
        part === 'touches' ? { looked: 1, found: { 'reaped-released': 1 }, next: null } : nothing,
    },
  );
  const report = await alarm.runToEnd<BookReport>();
  expect(Object.keys(report.parts)).toEqual([...REAP_PARTS]);
  expect(reports(alarm)).toEqual([report]);
});

test.concurrent('goes on where it was, with what it had found', async () => {
  const run = await journeys.start('reconcile', {
    goOn: {
      from: '2090-03-01T00:00:00.000Z',
      to: '2090-03-02T00:00:00.000Z',
      done: 4,
      cursor: 's-7',
      report: {
        reportId: 'r',
        flow: 'reconcile',
        startedAt: '2090-03-02T01:00:00.000Z',
        parts: {
          relations: { pages: 7, looked: 70, found: { 'relation-made': 1 }, state: 'running' },
        },
      },
    },
  });
  const report = await run.runToEnd<BookReport>();
  expect(partsRead(run)).toEqual(['relations s-7', 'leads ']);
  expect(report).toMatchObject({
    startedAt: '2090-03-02T01:00:00.000Z',
    parts: { relations: { pages: 8, looked: 70, found: { 'relation-made': 1 }, state: 'done' } },
  });
});

test('many pages take several histories, and nothing of what was found is lost', async () => {
  let read = 0;
  const run = await journeys.start(
    'reap',
    {},
    {
      bookPage: async ({ part }) => {
        if (part !== 'touches') return nothing;
        read += 1;
        return { looked: 1, found: { 'reaped-sent': 1 }, next: read < PAGES ? `${read}` : null };
      },
    },
  );
  const report = await run.runToEnd<BookReport>();
  expect(report.parts.touches).toEqual({
    pages: PAGES,
    looked: PAGES,
    found: { 'reaped-sent': PAGES },
    state: 'done',
  });
  expect(await run.eventCount()).toBeLessThan(6 * PAGES - 900);
});
