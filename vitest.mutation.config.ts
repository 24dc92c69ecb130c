import { defineConfig } from 'vitest/config';

/** The tests that mutants of the scoring are put to: the fast ones, with the same examples every time. */
export default defineConfig({
  test: {
    include: ['test/unit/money.test.ts', 'test/unit/scoring/*.test.ts'],
    exclude: ['test/unit/scoring/superstore.test.ts'],
    setupFiles: ['test/support/fixed-examples.ts'],
    isolate: false,
    testTimeout: 60_000,
  },
});
