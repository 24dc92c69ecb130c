import type { ControlApi, SimReport } from './control.ts';
import { type ControlDeps, moduleNamed, userNamed } from './control-deps.ts';
import { lifeControl } from './control-life.ts';
import type { Change } from './notifier.ts';
import type { WriteOptions } from './record-writer.ts';
import { knownFields } from './requests.ts';
import { showRow } from './row-values.ts';
import { DEFAULT_SCOPES } from './scopes.ts';
import type { ModuleState, SimUser } from './state.ts';
import { setSwitches } from './switches.ts';
import { truthOf } from './truth.ts';

export function createControl(deps: ControlDeps): ControlApi {
  const { state, faults, clock, tokens, report } = deps;
  return {
    addFaults: (specs) => [specs].flat().map((spec) => faults.add(spec)),
    clearFaults: (id) => faults.clear(id),
    report: () => fullReport(deps),
    resetReport: () => report.reset(),
    setClock: (change) => clock.shift(change),
    setSwitches: (change) => setSwitches(deps.switches, change),
    writeRecords: (module, rows, as) => ({
      ids: writeRows(deps, moduleNamed(deps, module), rows, userNamed(deps, as)),
    }),
    deleteRecords: (module, ids, as) => deleteRows(deps, moduleNamed(deps, module), ids, userNamed(deps, as)),
    records: (name) => {
      const module = moduleNamed(deps, name);
      const fields = knownFields(module, clock.nowMs());
      const viewer = { ...deps.viewer(state.org.time_zone), garbled: null };
      return [...module.rows.values()].map((row) => showRow(viewer, row, fields));
    },
    truth: (name) => truthOf(deps.viewer(state.org.time_zone), moduleNamed(deps, name)),
    idOf: (key) => {
      const id = deps.seedIds(key);
      if (id === undefined) throw new Error(`no row of the seed has the key ${key}`);
      return id;
    },
    revoke: (refreshToken) => {
      const all =
        refreshToken === undefined ? tokens.grants().map((grant) => grant.refreshToken) : [refreshToken];
      for (const token of all) tokens.revoke(token, true);
    },
    expireAccessTokens: () => tokens.expireAll(),
    issueGrantCode: ({ scopes = DEFAULT_SCOPES, as, lifeMs } = {}) => {
      const code = tokens.issueCode({
        clientId: deps.clientId,
        redirectUri: null,
        user: userNamed(deps, as),
        scopes,
        offline: true,
        ...(lifeMs === undefined ? {} : { lifeMs }),
      });
      if (code === null) throw new Error('ten codes were issued within ten minutes');
      return code.code;
    },
    ...lifeControl(deps),
    settleNotifications: () => deps.notifier.settle(),
  };
}

function fullReport({ state, report, faults, ledger }: ControlDeps): SimReport {
  const tasks: SimReport['tasks'] = {};
  for (const { values } of state.modules.get('Tasks')?.rows.values() ?? []) {
    if (typeof values.What_Id !== 'string') continue;
    const { open, all } = tasks[values.What_Id] ?? { open: 0, all: 0 };
    const isOpen = values.Status !== 'Completed';
    tasks[values.What_Id] = { open: open + (isOpen ? 1 : 0), all: all + 1 };
  }
  const ceiling = ledger.ceiling();
  return {
    ...report.read(),
    tasks,
    faults: faults.list(),
    creditsSpent: ledger.spent(),
    creditsOfDay: Number.isFinite(ceiling) ? ceiling : null,
  };
}

function writeRows(
  { writer, notifier }: ControlDeps,
  module: ModuleState,
  rows: readonly Record<string, unknown>[],
  user: SimUser,
): string[] {
  const [inserted, updated]: [Change[], Change[]] = [[], []];
  const ids = rows.map((input, position) => {
    const options: WriteOptions = { user, position, withLayoutRules: false, isPerson: true };
    const known = input.id === undefined ? undefined : module.rows.get(String(input.id));
    if (input.id !== undefined && known === undefined) throw new RangeError(`no such record: ${input.id}`);
    const written =
      known === undefined
        ? writer.insert(module, input, options)
        : writer.update(module, known, input, options);
    if (!written.ok) throw new RangeError(`refused: ${JSON.stringify(written.faults)}`);
    (known === undefined ? inserted : updated).push({ id: written.row.id, fields: written.fields });
    return written.row.id;
  });
  const base = { module: module.apiName, user, isQuiet: false };
  notifier.changed({ ...base, operation: 'insert', changes: inserted });
  notifier.changed({ ...base, operation: 'update', changes: updated });
  return ids;
}

function deleteRows(
  { writer, notifier }: ControlDeps,
  module: ModuleState,
  ids: readonly string[],
  user: SimUser,
): void {
  for (const id of ids) {
    const row = module.rows.get(id);
    if (row === undefined) throw new RangeError(`no such record: ${id}`);
    writer.remove(module, row, user);
  }
  const changes = ids.map((id) => ({ id, fields: ['Record_Status__s'] }));
  notifier.changed({ module: module.apiName, user, isQuiet: false, operation: 'delete', changes });
}
