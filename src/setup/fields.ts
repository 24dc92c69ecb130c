import type { Clock } from '../clock.ts';
import type { Connection, Language, MappedField, ModuleName } from '../domain.ts';
import { InputError, ZohoRejectedError, ZohoUnavailableError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { FieldSet, FieldSpec } from '../plan/field-catalog.ts';
import type { Store } from '../store/store.ts';
import type { ZohoClient } from '../zoho/client.ts';
import { createFields, deleteField } from '../zoho/fields.ts';
import { type FieldMeta, fetchFields } from '../zoho/metadata.ts';
import {
  customFieldLimit,
  newFieldOf,
  type PlannedField,
  planModuleFields,
  wantedFields,
} from './fields-plan.ts';

/** Our custom fields in an org: planned, created or adopted, and taken away again. */

export interface FieldDeps {
  readonly store: Pick<Store, 'fieldMap' | 'cursors'>;
  readonly zohoFor: (connection: Connection) => Promise<ZohoClient>;
  readonly clock: Clock;
  readonly log: Log;
  readonly basis: 'both' | 'account' | 'contact';
  readonly language: Language;
}
export interface FieldInput {
  readonly connection: Connection;
  readonly sets: readonly FieldSet[];
  /** Most fields of ours in each module; null: all. */
  readonly max: number | null;
}
export interface FieldPlan {
  /** The sets, joined by "+". */
  readonly set: string;
  readonly fields: readonly PlannedField[];
}
export interface AppliedField extends PlannedField {
  /** Zoho's code and words where it refused the field. */
  readonly error: string | null;
}

export async function planFields(deps: FieldDeps, input: FieldInput): Promise<FieldPlan> {
  const zoho = await deps.zohoFor(input.connection);
  const plans = await planModules(deps, zoho, input);
  return { set: input.sets.join('+'), fields: plans.flatMap(({ fields }) => fields) };
}

interface ModulePlan {
  readonly module: ModuleName;
  readonly specs: readonly FieldSpec[];
  readonly present: readonly FieldMeta[];
  readonly fields: readonly PlannedField[];
}

async function planModules(deps: FieldDeps, zoho: ZohoClient, input: FieldInput): Promise<ModulePlan[]> {
  const mapped = await deps.store.fieldMap.all(input.connection.id);
  const plans: ModulePlan[] = [];
  for (const [module, specs] of wantedFields(input.sets, deps.basis)) {
    const present = await fieldsOrRefusal(zoho, module);
    if (typeof present === 'string') {
      plans.push({
        module,
        specs,
        present: [],
        fields: specs.map((spec) => unavailable(module, spec, present)),
      });
      continue;
    }
    const fields = planModuleFields({
      module,
      specs,
      present,
      mapped: mapped.filter((field) => field.module === module),
      language: deps.language,
      limit: customFieldLimit(input.connection.org.edition),
      max: input.max,
    });
    plans.push({ module, specs, present, fields });
  }
  return plans;
}

/** A module that this org lacks or hides does not keep the others from their fields. */
async function fieldsOrRefusal(zoho: ZohoClient, module: ModuleName): Promise<FieldMeta[] | string> {
  try {
    return await fetchFields(zoho, module);
  } catch (error) {
    if (error instanceof ZohoRejectedError) return error.message;
    throw error;
  }
}

function unavailable(module: ModuleName, spec: FieldSpec, why: string): PlannedField {
  return {
    module,
    key: spec.key,
    label: spec.label,
    apiName: null,
    action: 'unavailable',
    note: why,
    fieldId: null,
  };
}

/** Plans anew and does it. Run again after a break, it creates nothing twice: what is there is adopted or known. */
export async function applyFields(
  deps: FieldDeps,
  input: FieldInput,
): Promise<{ set: string; fields: AppliedField[] }> {
  requireWritable(input.connection);
  const zoho = await deps.zohoFor(input.connection);
  const fields: AppliedField[] = [];
  for (const plan of await planModules(deps, zoho, input)) {
    const done = await applyModule(deps, zoho, plan);
    await remember(deps, input.connection, plan, done);
    fields.push(...done);
  }
  return { set: input.sets.join('+'), fields };
}

function requireWritable(connection: Connection): void {
  if (connection.mode !== 'read-only') return;
  throw new InputError(
    `Connection "${connection.name}" is read-only; allow changes with: zcv connection set --connection ${connection.name} --mode manual`,
  );
}

/** Zoho takes five fields a call. */
const FIELDS_PER_CALL = 5;

async function applyModule(deps: FieldDeps, zoho: ZohoClient, plan: ModulePlan): Promise<AppliedField[]> {
  const done = new Map<string, AppliedField>(
    plan.fields.map((field) => [field.key, { ...field, error: null }]),
  );
  const wanted = plan.fields.filter(({ action }) => action === 'create' || action === 'conflict');
  let isFull = false;
  for (let start = 0; start < wanted.length; start += FIELDS_PER_CALL) {
    for (const field of isFull ? wanted.slice(start) : []) done.set(field.key, beyondLimit(field));
    if (isFull) break;
    const created = await createFew(deps, zoho, plan, wanted.slice(start, start + FIELDS_PER_CALL));
    for (const field of created) {
      done.set(field.key, field);
      isFull ||= field.action === 'over_limit';
    }
  }
  return readBack(deps, zoho, plan.module, [...done.values()]);
}

function beyondLimit(field: PlannedField): AppliedField {
  return {
    ...field,
    action: 'over_limit',
    note: `Zoho has no room for another custom field in ${field.module}`,
    error: null,
  };
}

async function createFew(
  deps: FieldDeps,
  zoho: ZohoClient,
  plan: ModulePlan,
  few: readonly PlannedField[],
): Promise<AppliedField[]> {
  const specs = new Map(plan.specs.map((spec) => [spec.key, spec]));
  const requests = few.flatMap((field) => {
    const spec = specs.get(field.key);
    return spec ? [newFieldOf(spec, field.label, deps.language)] : [];
  });
  try {
    const answers = await createFields(zoho, plan.module, requests);
    return few.map((field, index) => {
      const answer = answers[index];
      if (answer?.ok) return { ...field, fieldId: answer.id, error: null };
      if (answer?.code === 'LIMIT_EXCEEDED' && !specs.get(field.key)?.unique) return beyondLimit(field);
      const error = answer
        ? `${answer.code}: ${answer.message}`
        : 'Zoho answered for fewer fields than were sent';
      return { ...field, error };
    });
  } catch (error) {
    if (!(error instanceof ZohoUnavailableError) || !error.answerLost) throw error;
    deps.log.warn({ err: error, module: plan.module }, 'answer to the creation of fields was lost');
    return foundAfterLoss(deps, zoho, plan, few);
  }
}

/** The answer was lost, the fields may exist: whichever was not there before and is there now is ours. */
async function foundAfterLoss(
  deps: FieldDeps,
  zoho: ZohoClient,
  plan: ModulePlan,
  few: readonly PlannedField[],
): Promise<AppliedField[]> {
  await deps.clock.sleep(READ_BACK_MS);
  const before = new Set(plan.present.map((field) => field.id));
  const fresh = (await fetchFields(zoho, plan.module)).filter((field) => !before.has(field.id));
  return few.map((field) => {
    const found = fresh.find((candidate) => candidate.label === field.label);
    if (found) return { ...field, fieldId: found.id, error: null };
    return { ...field, error: 'Zoho gave no answer and the field is not there; apply the fields again' };
  });
}

/** A new field may need seconds until Zoho shows it; its API name is known only then. */
const READ_BACK_MS = 1_000;
const READ_BACKS = 5;

async function readBack(
  deps: FieldDeps,
  zoho: ZohoClient,
  module: ModuleName,
  fields: readonly AppliedField[],
): Promise<AppliedField[]> {
  const named = new Map<string, string>();
  const isUnnamed = (field: AppliedField) =>
    field.fieldId !== null && field.apiName === null && !named.has(field.fieldId);
  for (let attempt = 0; attempt < READ_BACKS && fields.some(isUnnamed); attempt++) {
    if (attempt > 0) await deps.clock.sleep(READ_BACK_MS * attempt);
    for (const field of await fetchFields(zoho, module)) named.set(field.id, field.apiName);
  }
  return fields.map((field) => {
    if (field.fieldId === null || field.apiName !== null) return field;
    const apiName = named.get(field.fieldId) ?? null;
    const error = 'created, but Zoho does not show it yet; apply the fields again in a minute';
    return { ...field, apiName, error: apiName === null ? error : field.error };
  });
}

async function remember(
  deps: FieldDeps,
  connection: Connection,
  plan: ModulePlan,
  fields: readonly AppliedField[],
): Promise<void> {
  const before = (await deps.store.fieldMap.all(connection.id)).filter(
    ({ module }) => module === plan.module,
  );
  const mapped = fields.flatMap((field): MappedField[] => {
    const { key, module, label, apiName, fieldId } = field;
    if (apiName === null || fieldId === null || field.error !== null) return [];
    const known = before.find((other) => other.key === key && other.fieldId === fieldId);
    const state = field.action === 'adopt' ? 'adopted' : (known?.state ?? 'created');
    return [{ key, module, apiName, fieldId, label, state }];
  });
  if (mapped.length > 0) await deps.store.fieldMap.upsert(connection.id, mapped);
  // An adopted field holds values that we have not read, a field made anew holds none of those that we remember:
  // the module is read again from the start.
  const isStale = mapped.some(({ key, fieldId }) => {
    const known = before.find((other) => other.key === key);
    return known
      ? known.fieldId !== fieldId
      : fields.some((field) => field.key === key && field.action === 'adopt');
  });
  if (isStale) await deps.store.cursors.clear(connection.id, plan.module);
}

export interface RemovedField {
  readonly module: ModuleName;
  readonly label: string;
  readonly apiName: string;
  readonly action: 'removed' | 'kept' | 'failed';
  readonly note: string | null;
}

/** Deletes the fields that we made, with their values, and forgets those that we adopted. */
export async function removeFields(
  deps: FieldDeps,
  input: { connection: Connection; sets: readonly FieldSet[] | null },
): Promise<{ fields: RemovedField[] }> {
  requireWritable(input.connection);
  const { connection } = input;
  const zoho = await deps.zohoFor(connection);
  const chosen = input.sets === null ? null : wantedFields(input.sets, 'both');
  const fields: RemovedField[] = [];
  for (const field of await deps.store.fieldMap.all(connection.id)) {
    if (chosen && !chosen.get(field.module)?.some((spec) => spec.key === field.key)) continue;
    const removed = await removeOne(zoho, field);
    if (removed.action !== 'failed') {
      await deps.store.fieldMap.remove(connection.id, field.module, [field.key]);
    }
    fields.push(removed);
  }
  return { fields };
}

async function removeOne(zoho: ZohoClient, field: MappedField): Promise<RemovedField> {
  const { module, label, apiName } = field;
  if (field.state === 'adopted') {
    return { module, label, apiName, action: 'kept', note: 'adopted: it was there before us' };
  }
  const present = await fetchFields(zoho, module);
  if (!present.some(({ id }) => id === field.fieldId)) {
    return { module, label, apiName, action: 'removed', note: 'was gone already' };
  }
  const answer = await deleteField(zoho, module, field.fieldId);
  if (answer.ok) return { module, label, apiName, action: 'removed', note: null };
  return { module, label, apiName, action: 'failed', note: `${answer.code}: ${answer.message}` };
}
