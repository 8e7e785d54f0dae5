// Counts what a step proved: jest's own figures, or one for a check that says only yes or no.

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** What is wrong beyond failing tests, in words. */
  readonly complaint?: string;
}

/** The part of jest's report that is read. */
export interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  /** Files that broke before any of their tests could run. */
  readonly numRuntimeErrorTestSuites: number;
}

/** A check is one test. */
export function tallyCheck(ok: boolean): Tally {
  return ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Jest counts its tests; whatever it did not count but should have is one failure more. */
export function tallyJest(ok: boolean, report: JestReport | undefined): Tally {
  if (!report) return { passed: 0, failed: 1, complaint: 'jest ended without a report' };
  const passed = report.numPassedTests;
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  if (passed + failed === 0) return { passed, failed: 1, complaint: 'no test ran' };
  if (failed === 0 && !ok)
    return { passed, failed: 1, complaint: 'every test passed, yet jest failed' };
  return { passed, failed };
}

/** All tallies as one. */
export function sum(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((total, tally) => total + tally.passed, 0),
    failed: tallies.reduce((total, tally) => total + tally.failed, 0),
  };
}
