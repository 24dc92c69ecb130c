import type { Connection } from '../domain.ts';
import { type Check, type DoctorDeps, ok } from './check.ts';

/** Mappings that a change in Zoho paused, as the last sync found them. */
export async function checkMappings({ store }: DoctorDeps, connection: Connection): Promise<Check[]> {
  const paused = await store.mappingStates.paused(connection.id);
  if (paused.length === 0) return [ok('mappings', 'Every field that is mapped can be read')];
  return paused.map(({ module, input, apiName, reason, repair, pausedSince }): Check => {
    const since = pausedSince === null ? '' : ` since ${pausedSince.toISOString().slice(0, 10)}`;
    return {
      id: `mapping.${module}.${input}`,
      status: 'warn',
      message: `${module}.${apiName} is paused${since} (${reason}): what was read of it stays, the rest goes on`,
      repair: `In Zoho or in fields.yaml: ${repair}; the next sync takes it up again`,
    };
  });
}
