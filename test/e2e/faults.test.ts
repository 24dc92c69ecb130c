import { testFaultRuns } from '../support/fault-line.ts';
import { FAULT_RUNS } from '../support/fault-runs.ts';

// Every disturbance is in test/long/faults.test.ts; these are one of each kind.
const SAMPLE: ReadonlySet<string> = new Set([
  'lost answers of task creation',
  'a late commit of task creation',
  'a storm of 429',
  'connections reset',
  'a revoked grant',
  'a half-failed batch',
]);

testFaultRuns(FAULT_RUNS.filter(({ name }) => SAMPLE.has(name)));
