import tseslint from 'typescript-eslint';

const clock = [
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: 'Pass the instant in: no clock here.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Pass the instant in: no clock here.',
  },
  {
    selector: "MemberExpression[object.name='DateTime'][property.name=/^(now|local|utc)$/]",
    message: 'Pass the instant and the zone in.',
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'No randomness here.',
  },
  {
    selector: "Identifier[name='process']",
    message: 'config.ts alone reads the process environment.',
  },
];
const sdkOfWorkflows =
  'Workflows see the SDK through workflows/kit/temporal.ts alone: the rehearsal replaces it.';

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'coverage/**', 'console/**', '**/*.cjs', '**/*.mjs'] },
  {
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser, parserOptions: { project: './tsconfig.json' } },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
    },
  },
  {
    files: ['rules/**/*.ts', 'workflows/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', ...clock] },
  },
  {
    files: ['**/*.ts'],
    // The starter, the command line and the sandbox are processes of their own, each with its own entry.
    ignores: [
      'config.ts',
      'rules/**',
      'workflows/**',
      'embedded/**',
      'test/**',
      'testing/**',
      '**/*.test.ts',
      'bin/**',
      'bench/**',
      'sandbox/main.ts',
    ],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'config.ts alone reads the process environment.',
        },
      ],
    },
  },
  {
    files: ['workflows/**/*.ts'],
    ignores: ['**/*.test.ts', 'workflows/kit/temporal.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['node:*', 'fs', 'crypto', 'path'], message: 'Workflows are deterministic.' },
            { group: ['@temporalio/*'], message: sdkOfWorkflows },
          ],
        },
      ],
    },
  },
);
