import type { MappedField } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Connection, Language, ModuleName } from '../domain.ts';
import { ZohoRejectedError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { FieldSet } from '../plan/field-catalog.ts';
import type { Store } from '../store/store.ts';
import { alertText } from '../texts/alerts.ts';
import type { ZohoClient } from '../zoho/client.ts';
import { type FieldMeta, fetchFields } from '../zoho/metadata.ts';
import { type AppliedField, createModuleFields, type ModulePlan } from './fields-create.ts';
import {
  type AnySpec,
  customFieldLimit,
  type PlannedField,
  planModuleFields,
  wantedFields,
} from './fields-plan.ts';
import { placeInSection, type SectionNote } from './layout-section.ts';
import { requireWritable } from './may-write.ts';

/** Our custom fields in an org: planned, created or adopted, and taken away again. */

export interface FieldDeps {
  readonly store: Pick<Store, 'fieldMap' | 'cursors' | 'metadata' | 'alerts'>;
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
export type { AppliedField };

export async function planFields(deps: FieldDeps, input: FieldInput): Promise<FieldPlan> {
  const zoho = await deps.zohoFor(input.connection);
  const plans = await planModules(deps, zoho, input);
  return { set: input.sets.join('+'), fields: plans.flatMap(({ fields }) => fields) };
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
      // Reminders are kept apart by their key, so it is made however few fields are wanted.
      max: module === 'Tasks' ? null : input.max,
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

function unavailable(module: ModuleName, spec: AnySpec, why: string): PlannedField {
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
): Promise<{ set: string; fields: AppliedField[]; sections: SectionNote[] }> {
  requireWritable(input.connection);
  const zoho = await deps.zohoFor(input.connection);
  const fields: AppliedField[] = [];
  const sections: SectionNote[] = [];
  for (const plan of await planModules(deps, zoho, input)) {
    const done = await createModuleFields(deps, zoho, plan);
    await remember(deps, input.connection, plan, done);
    fields.push(...done);
    const isMade = ({ action, error }: AppliedField) =>
      (action === 'create' || action === 'conflict') && error === null;
    const fieldIds = done.filter(isMade).flatMap(({ fieldId }) => fieldId ?? []);
    sections.push(...(await placeInSection(zoho, plan.module, { fieldIds, language: deps.language })));
  }
  await tellOfRoom(deps, input.connection, fields);
  return { set: input.sets.join('+'), fields, sections };
}

/** An alert while fields are wanted for which the org has no room; over when as many are wanted as fit. */
async function tellOfRoom(
  { store, clock }: FieldDeps,
  connection: Connection,
  fields: readonly AppliedField[],
): Promise<void> {
  const left = fields.filter(({ action, isUnwanted }) => action === 'over_limit' && !isUnwanted);
  if (left.length === 0) {
    await store.alerts.close(connection.id, 'fields_full', clock.now());
    return;
  }
  const params = { left: left.length, fields: left.map(({ module, label }) => `${module} ${label}`) };
  const alert = { code: 'fields_full', params, grade: left.length } as const;
  const { name, org } = connection;
  const format = { language: 'en', currency: org.currency } as const;
  const { title, todo } = alertText(alert, { connection: name, org: org.name }, format);
  const message = `${title}. ${todo}`;
  await store.alerts.raise(connection.id, { ...alert, severity: 'warning', message }, clock.now());
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
  // The next sync asks for the fields that there are now.
  await deps.store.metadata.expire(connection.id);
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
