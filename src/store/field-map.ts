import type { MappedField } from '../changes.ts';
import type { Db } from '../db.ts';
import type { ConnectionId, ModuleName } from '../domain.ts';
import type { FieldMapStore } from './record-stores.ts';
import { uniqueBy } from './rows.ts';

/** Our fields as they exist in the org. */
export function fieldMapStore(db: Db): FieldMapStore {
  const { kysely } = db;
  const all = async (connection: ConnectionId): Promise<MappedField[]> => {
    const rows = await kysely
      .selectFrom('field_map')
      .selectAll()
      .where('connection_id', '=', connection)
      .orderBy('module')
      .orderBy('field_key')
      .execute();
    return rows.map((row) => ({
      // The next three are written from a MappedField only.
      key: row.field_key as MappedField['key'],
      module: row.module as ModuleName,
      state: row.state as MappedField['state'],
      apiName: row.api_name,
      fieldId: row.field_id,
      label: row.label,
    }));
  };
  return {
    async upsert(connection, fields) {
      if (fields.length === 0) return;
      const values = uniqueBy(fields, (field) => `${field.module}.${field.key}`).map((field) => ({
        connection_id: connection,
        module: field.module,
        field_key: field.key,
        api_name: field.apiName,
        field_id: field.fieldId,
        label: field.label,
        state: field.state,
      }));
      await kysely
        .insertInto('field_map')
        .values(values)
        .onConflict((conflict) =>
          conflict.columns(['connection_id', 'module', 'field_key']).doUpdateSet((eb) => ({
            api_name: eb.ref('excluded.api_name'),
            field_id: eb.ref('excluded.field_id'),
            label: eb.ref('excluded.label'),
            state: eb.ref('excluded.state'),
          })),
        )
        .execute();
      for (const { module, key, fieldId } of fields) {
        // Made anew: what paused the old one is no more.
        await kysely
          .deleteFrom('mapping_states')
          .where('connection_id', '=', connection)
          .where('module', '=', module)
          .where('input', '=', `ours.${key}`)
          .where('field_id', '<>', fieldId)
          .execute();
      }
    },
    all,
    async writable(connection) {
      const paused = await kysely
        .selectFrom('mapping_states')
        .select(['module', 'input'])
        .where('connection_id', '=', connection)
        .where('reason', 'is not', null)
        .execute();
      const names = new Set(paused.map(({ module, input }) => `${module} ${input}`));
      return (await all(connection)).filter(({ module, key }) => !names.has(`${module} ours.${key}`));
    },
    async remove(connection, module, keys) {
      if (keys.length === 0) return;
      await kysely
        .deleteFrom('field_map')
        .where('connection_id', '=', connection)
        .where('module', '=', module)
        .where('field_key', 'in', keys)
        .execute();
    },
  };
}
