import closeWithGrace from 'close-with-grace';
import { createApp } from './app.ts';
import { processEnvironment, readConfig } from './config.ts';
import { startServer } from './web/server.ts';

const config = readConfig(processEnvironment(), { isTerminal: process.stdout.isTTY });
const app = await createApp(config, { logTo: 'stdout' });
const server = await startServer(app, { ...config.server, jobs: { data: { config } } });

closeWithGrace({ delay: 20_000, logger: false }, async ({ err }) => {
  if (err) app.log.error({ err }, 'the server stops on an error');
  await server.stop();
  await app.close();
});
