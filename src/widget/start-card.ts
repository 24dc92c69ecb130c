import { pageOf } from './answers.ts';
import { showCard } from './card.ts';
import { startShell } from './shell.ts';

void startShell(
  async (shell, data) => {
    const page = pageOf(data);
    if (page === null) shell.state('noRecord');
    else await showCard(shell, page);
  },
  { needsPage: true },
);
