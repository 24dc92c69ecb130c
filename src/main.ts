import closeWithGrace from 'close-with-grace';
import { createApp, serverDeps } from './app.ts';
import { processEnvironment, readConfig } from './config.ts';
import { AppError, ConfigError } from './errors.ts';
import { startServer } from './web/server.ts';

async function main(): Promise<void> {
  const config = readConfig(processEnvironment(), { isTerminal: process.stdout.isTTY });
  const app = await createApp(config, { logTo: 'stdout', part: 'server' });
  const server = await startServer(await serverDeps(app), { ...config.server, jobs: { data: { config } } });

  process.on('SIGHUP', server.reload);
  closeWithGrace({ delay: 20_000, logger: false, skip: ['SIGHUP'] }, async ({ err }) => {
    if (err) app.log.error({ err }, 'the server stops on an error');
    await server.stop();
    await app.close();
  });
}

try {
  await main();
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}
