const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
  ],
};
const base = {
  testEnvironment: 'node',
  transform,
  roots: ['<rootDir>'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/console/'],
};
// Two groups: `unit` needs nothing and runs in parallel; `servers` starts Temporal and MongoDB and runs serially.
module.exports = {
  // Generous: on a busy machine a test of a second may take ten, and a hang is still ended.
  testTimeout: 30_000,
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: [
        '/node_modules/',
        '/dist/',
        '/test/contracts/',
        '/test/workflows/',
        '/test/e2e/',
      ],
    },
    {
      ...base,
      displayName: 'servers',
      testMatch: ['<rootDir>/test/{contracts,workflows,e2e}/**/*.test.ts'],
      globalSetup: '<rootDir>/test/support/globalSetup.ts',
      globalTeardown: '<rootDir>/test/support/globalTeardown.ts',
    },
  ],
};
