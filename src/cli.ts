#!/usr/bin/env node
// The command table. Each command is one file in cli/, loaded only when it is asked for. Nothing but this check runs
// before the version is known: what the rest imports does not load on an older Node.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(`zcv needs Node 24 or newer and was started on ${process.version}; use: npx zcv\n`);
  process.exit(2);
}
const { runCli } = await import('./cli/program.ts');
await runCli(process.argv.slice(2));

export {};
