import { testFaultRuns } from '../support/fault-line.ts';
import { FAULT_RUNS } from '../support/fault-runs.ts';

testFaultRuns(FAULT_RUNS);
