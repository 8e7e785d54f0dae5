import { chooseSteps, stepsOf } from './steps';
import { sum, tallyCheck, tallyJest } from './tally';

const aReport = (change: Partial<Parameters<typeof tallyJest>[1]> = {}) => ({
  numPassedTests: 3,
  numFailedTests: 0,
  numRuntimeErrorTestSuites: 0,
  ...change,
});

describe('the figures of a test run', () => {
  test('count a check as one test', () => {
    expect(tallyCheck(true)).toEqual({ passed: 1, failed: 0 });
    expect(tallyCheck(false)).toEqual({ passed: 0, failed: 1 });
  });

  test('are those of jest when it reports', () => {
    expect(tallyJest(true, aReport())).toEqual({ passed: 3, failed: 0 });
    expect(tallyJest(false, aReport({ numFailedTests: 2 }))).toEqual({ passed: 3, failed: 2 });
  });

  test('count a file that could not run as a failure', () => {
    expect(tallyJest(false, aReport({ numRuntimeErrorTestSuites: 1 })).failed).toBe(1);
  });

  test('call it a failure when jest leaves no report, runs no test, or fails although its tests passed', () => {
    expect(tallyJest(false, undefined)).toMatchObject({
      failed: 1,
      complaint: 'jest ended without a report',
    });
    expect(tallyJest(true, aReport({ numPassedTests: 0 }))).toMatchObject({
      failed: 1,
      complaint: 'no test ran',
    });
    expect(tallyJest(false, aReport())).toMatchObject({ passed: 3, failed: 1 });
  });

  test('add up', () => {
    expect(sum([tallyCheck(true), tallyCheck(false), { passed: 5, failed: 2 }])).toEqual({
      passed: 6,
      failed: 3,
    });
  });
});

describe('the steps of a test run', () => {
  const steps = stepsOf('/checkout', '/scratch');

  test('are all taken when none is named, and in their own order when some are', () => {
    expect(chooseSteps(steps, [])).toBe(steps);
    expect(chooseSteps(steps, ['unit', 'eslint']).map((step) => step.name)).toEqual([
      'eslint',
      'unit',
    ]);
  });

  test('refuse a name that is none of them', () => {
    expect(() => chooseSteps(steps, ['units'])).toThrow(
      'unknown step "units": there are typecheck, eslint',
    );
  });

  test('each end within a time', () => {
    for (const step of steps) expect(step.timeoutMs).toBeGreaterThan(0);
  });
});
