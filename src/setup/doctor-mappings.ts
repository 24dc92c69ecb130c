import type { Connection } from '../domain.ts';
import { type Check, type DoctorDeps, ok } from './check.ts';

const MOST_NAMED = 5;

/** Records of which a value could not be read, so that they are not in the store. */
export async function checkSetAside({ store }: DoctorDeps, connection: Connection): Promise<Check> {
  const counts = await store.quarantine.count(connection.id);
  const total = Object.values(counts).reduce((sum, rows) => sum + rows, 0);
  if (total === 0) return ok('set_aside', 'Every record that Zoho gave could be read');
  const named = await store.quarantine.first(connection.id, MOST_NAMED);
  const shown = named.map(({ module, recordId, reason }) => `${module} ${recordId} (${reason})`).join('; ');
  const more = total > named.length ? ` and ${total - named.length} more` : '';
  return {
    id: 'set_aside',
    status: 'warn',
    message: `Records set aside because a value cannot be read: ${shown}${more}`,
    repair: 'Mend these values in Zoho; the next sync reads the records again',
  };
}

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
