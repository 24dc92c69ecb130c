import { POSITIONS, testOddInput, testSyncSurvival } from '../support/sync-survival.ts';

// Both answers of Zoho where its own is unconfirmed are in test/long/sync-survival.test.ts; here it answers as documented.
testSyncSurvival(POSITIONS.slice(0, 1));
testOddInput();
