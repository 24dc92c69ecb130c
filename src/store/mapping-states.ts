import type { Db } from '../db.ts';
import type { ModuleName } from '../domain.ts';
import type { MappingStatesStore } from './record-stores.ts';
import type { MappingState, PauseReason } from './store.ts';

/** Which field fills which input, as of the last time it was good, and what pauses it. */
export function mappingStatesStore(db: Db): MappingStatesStore {
  const { kysely } = db;
  return {
    async of(connection, module) {
      const rows = await kysely
        .selectFrom('mapping_states')
        .selectAll()
        .where('connection_id', '=', connection)
        .where('module', '=', module)
        .orderBy('input')
        .execute();
      return rows.map(stateOf);
    },
    async paused(connection) {
      const rows = await kysely
        .selectFrom('mapping_states')
        .selectAll()
        .where('connection_id', '=', connection)
        .where('reason', 'is not', null)
        .orderBy('module')
        .orderBy('input')
        .execute();
      return rows.map((row) => ({ ...stateOf(row), module: row.module as ModuleName })); // written from one
    },
    async replace(connection, module, states) {
      const values = states.map((state) => ({
        connection_id: connection,
        module,
        input: state.input,
        field_id: state.fieldId,
        api_name: state.apiName,
        data_type: state.dataType,
        reason: state.reason,
        repair: state.repair,
        paused_since: state.pausedSince,
      }));
      await kysely.transaction().execute(async (trx) => {
        await trx
          .deleteFrom('mapping_states')
          .where('connection_id', '=', connection)
          .where('module', '=', module)
          .execute();
        if (values.length > 0) await trx.insertInto('mapping_states').values(values).execute();
      });
    },
  };
}

function stateOf(row: {
  input: string;
  field_id: string | null;
  api_name: string;
  data_type: string;
  reason: string | null;
  repair: string | null;
  paused_since: Date | null;
}): MappingState {
  return {
    input: row.input,
    fieldId: row.field_id,
    apiName: row.api_name,
    dataType: row.data_type,
    reason: row.reason as PauseReason | null, // written from one
    repair: row.repair,
    pausedSince: row.paused_since,
  };
}
