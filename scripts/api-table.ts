import { readFileSync, writeFileSync } from 'node:fs';
import { apiRoutes } from '../src/web/api-routes.ts';

/** Writes the table of routes at the end of docs/api.md; with --check it only says whether it is up to date. */

const DOCUMENT = new URL('../docs/api.md', import.meta.url);
const HEADING = '## Routes\n';

// Declaring routes calls nothing of what they are given.
const routes = apiRoutes({} as Parameters<typeof apiRoutes>[0]);
const rows = routes.map(
  ({ method, path, summary, access }) => `| \`${method} ${path}\` | ${summary} | ${access} |`,
);
const table = ['| route | does | needs |', '| --- | --- | --- |', ...rows].join('\n');
const present = readFileSync(DOCUMENT, 'utf8');
const head = present.slice(0, present.indexOf(HEADING) + HEADING.length);
const wanted = `${head}${table}\n`;
if (!process.argv.includes('--check')) writeFileSync(DOCUMENT, wanted);
else if (present !== wanted) {
  process.stderr.write(
    'docs/api.md does not list the routes there are; write them: node scripts/api-table.ts\n',
  );
  process.exitCode = 1;
}
