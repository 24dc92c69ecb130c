import type { Connection } from '../domain.ts';
import { listed, phrase } from '../texts/doctor-text.ts';
import { type Check, type DoctorDeps, finding, ok } from './check.ts';

const MOST_NAMED = 5;

/** Records of which a value could not be read, so that they are not in the store. */
export async function checkSetAside({ store }: DoctorDeps, connection: Connection): Promise<Check> {
  const counts = await store.quarantine.count(connection.id);
  const total = Object.values(counts).reduce((sum, rows) => sum + rows, 0);
  if (total === 0) return ok('set_aside', 'set_aside.none', {});
  const named = await store.quarantine.first(connection.id, MOST_NAMED);
  const records = named.map(({ module, recordId: id, reason }) =>
    phrase('unread_record', { module, id, reason: { sentence: reason } }),
  );
  return finding('set_aside', 'warn', 'set_aside.some', {
    records: listed(records, '; '),
    more: total > named.length ? total - named.length : null,
  });
}

/** Mappings that a change in Zoho paused, as the last sync found them. */
export async function checkMappings({ store }: DoctorDeps, connection: Connection): Promise<Check[]> {
  const paused = await store.mappingStates.paused(connection.id);
  if (paused.length === 0) return [ok('mappings', 'mappings.read', {})];
  return paused.map(({ module, input, apiName, reason, repair, pausedSince }) =>
    finding(`mapping.${module}.${input}`, 'warn', 'mappings.paused', {
      ...{ module, field: apiName },
      since: pausedSince?.toISOString().slice(0, 10) ?? null,
      reason: reason === null ? null : phrase(`paused_${reason}`, {}),
      repair: repair === null ? null : { sentence: repair },
    }),
  );
}
