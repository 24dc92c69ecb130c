/** Mutation testing of what decides money, tiers, rhythm, contact, phases and leads (docs/mutation-testing.md). */
export default {
  packageManager: 'npm',
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutation.config.ts', related: false },
  coverageAnalysis: 'perTest',
  mutate: [
    'src/money.ts',
    ...[
      ...['sums', 'tally', 'book', 'serve-items', 'late-payments', 'purchases', 'documents', 'periods'],
      ...['efforts', 'effort-budget', 'goodwill', 'tiers', 'cadence', 'contact'],
      ...['phases', 'lost', 'win-back', 'contract', 'phase-steadiness', 'phase-override'],
      ...['signals', 'sales-signals', 'return-signs', 'likeness', 'discounts', 'sales-documents'],
      ...[
        'lead-facts',
        'lead-history',
        'lead-reasons',
        'lead-rhythm',
        'lead-score',
        'lead-state',
        'lead-value',
      ],
    ].map((name) => `src/scoring/${name}.ts`),
  ],
  // Stryker rewrites a tsconfig with the compiler's JavaScript API, which TypeScript 7 has no more; tests run without one.
  ignorePatterns: ['/tsconfig*.json', '/dist', '/data', '/coverage'],
  reporters: ['clear-text', 'json', 'progress-append-only'],
  clearTextReporter: { reportTests: false, reportMutants: false, logTests: false },
  jsonReporter: { fileName: 'coverage/mutation.json' },
  tempDirName: 'coverage/mutation-sandbox',
  cleanTempDir: 'always',
  concurrency: 2,
  // A mutant is not killed by a machine that is busy: endless loops are told by their count of steps.
  timeoutMS: 30_000,
  thresholds: { high: 90, low: 85, break: 80 },
};
