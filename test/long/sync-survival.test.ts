import { POSITIONS, testSyncSurvival } from '../support/sync-survival.ts';

testSyncSurvival(POSITIONS);
