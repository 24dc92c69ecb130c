import fc from 'fast-check';

// A mutant that only some seeds reveal would make the score a matter of luck.
fc.configureGlobal({ seed: 20261129, numRuns: 25 });
