import { startPostgres } from './postgres.ts';

/** One cluster for the whole run; test processes find it in ZCV_TEST_PG, or the reason why there is none. */
export default async function setup(): Promise<() => Promise<void>> {
  const cluster = await startPostgres();
  if (cluster.url === null) {
    if (process.env.REQUIRE_POSTGRES === '1')
      throw new Error(`REQUIRE_POSTGRES is set, but ${cluster.reason}`);
    process.stderr.write(`\nPostgreSQL tests are skipped: ${cluster.reason}\n`);
    process.env.ZCV_TEST_PG_SKIP = cluster.reason;
    return async () => undefined;
  }
  process.env.ZCV_TEST_PG = cluster.url;
  return cluster.stop;
}
