import type { ControlApi } from './control.ts';
import { type ControlDeps, moduleNamed, userNamed } from './control-deps.ts';
import { tellOfConversion } from './convert-routes.ts';
import { convertLead } from './lead-conversion.ts';
import { addField, changeField, changeModule, removeField } from './org-change.ts';
import { MERGED_MODULES } from './record-life.ts';
import type { Row } from './row-table.ts';
import { addEmails } from './seed-rows.ts';
import type { ModuleState } from './state.ts';

type LifeControl = Pick<
  ControlApi,
  | 'convertLead'
  | 'mergeRecords'
  | 'restoreRecords'
  | 'purgeRecords'
  | 'stampRecords'
  | 'setUserActive'
  | 'addEmails'
  | 'addField'
  | 'changeField'
  | 'removeField'
  | 'changeModule'
>;

/** Records as people treat them in the web pages, and the set-up pages of an administrator. */
export function lifeControl(deps: ControlDeps): LifeControl {
  const { state, life } = deps;
  return {
    convertLead: (id, options = {}, as) => {
      const lead = rowNamed(moduleNamed(deps, 'Leads'), id);
      if (lead.values.Converted__s === true) throw new RangeError(`already converted: ${id}`);
      const converted = convertLead(deps.writing, lead, options, userNamed(deps, as));
      if (!converted.ok) throw new RangeError(`refused: ${JSON.stringify(converted.faults)}`);
      const { account, contact, deal } = converted.conversion;
      tellOfConversion(deps, lead, converted.conversion, userNamed(deps, as));
      return { account: account?.id ?? null, contact: contact.id, deal: deal?.id ?? null };
    },
    mergeRecords: (name, winner, losers, as) => mergeRecords(deps, name, winner, losers, as),
    restoreRecords: (name, ids, as) => {
      const module = moduleNamed(deps, name);
      for (const id of ids)
        if (life.restore(module, id, userNamed(deps, as)) === null)
          throw new RangeError(`not in the recycle bin: ${id}`);
      notify(deps, name, 'insert', ids, [], as);
    },
    purgeRecords: (name, ids) => {
      const module = moduleNamed(deps, name);
      for (const id of ids) if (!life.purge(module, id)) throw new RangeError(`no such record: ${id}`);
    },
    stampRecords: (name, ids, at) => {
      const module = moduleNamed(deps, name);
      const rows = ids === 'all' ? [...module.rows.values()] : ids.map((id) => rowNamed(module, id));
      const atMs = Date.parse(at);
      if (Number.isNaN(atMs)) throw new RangeError(`not an instant: ${at}`);
      life.stamp(module, rows, atMs);
    },
    setUserActive: (user, active) => {
      userNamed(deps, user).active = active;
    },
    addEmails: (id, emails) => {
      if (state.row(id) === undefined) throw new RangeError(`no such record: ${id}`);
      addEmails(state, id, emails);
    },
    addField: (module, field) => addField(state, moduleNamed(deps, module), field),
    changeField: (module, name, change) => changeField(state, moduleNamed(deps, module), name, change),
    removeField: (module, name) => removeField(moduleNamed(deps, module), name),
    changeModule: (module, change) => changeModule(moduleNamed(deps, module), change),
  };
}

function mergeRecords(
  deps: ControlDeps,
  name: string,
  winnerId: string,
  loserIds: readonly string[],
  as: string | undefined,
): void {
  if (!MERGED_MODULES.has(name)) throw new RangeError(`records of ${name} cannot be merged`);
  if (loserIds.includes(winnerId)) throw new RangeError('a record cannot be merged into itself');
  const module = moduleNamed(deps, name);
  const winner = rowNamed(module, winnerId);
  const losers = loserIds.map((id) => rowNamed(module, id));
  deps.life.merge(module, winner, losers, userNamed(deps, as));
  notify(deps, name, 'update', [winnerId], Object.keys(winner.values), as);
  notify(deps, name, 'delete', loserIds, ['Record_Status__s'], as);
}

function notify(
  deps: ControlDeps,
  module: string,
  operation: 'insert' | 'update' | 'delete',
  ids: readonly string[],
  fields: readonly string[],
  as: string | undefined,
): void {
  const changes = ids.map((id) => ({ id, fields }));
  deps.notifier.changed({ module, operation, changes, user: userNamed(deps, as), isQuiet: false });
}

function rowNamed(module: ModuleState, id: string): Row {
  const row = module.rows.get(id);
  if (row === undefined) throw new RangeError(`no such record: ${module.apiName} ${id}`);
  return row;
}
