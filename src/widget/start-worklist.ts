import { startShell } from './shell.ts';
import { showWorklist } from './worklist.ts';

// The home page tells of no record, and may send no PageLoad at all.
void startShell((shell) => showWorklist(shell), { needsPage: false });
