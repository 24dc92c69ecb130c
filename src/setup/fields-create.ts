import type { Clock } from '../clock.ts';
import type { Language, ModuleName } from '../domain.ts';
import { ZohoUnavailableError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { ZohoClient } from '../zoho/client.ts';
import { createFields } from '../zoho/fields.ts';
import { type FieldMeta, fetchFields } from '../zoho/metadata.ts';
import { type AnySpec, newFieldOf, type PlannedField } from './fields-plan.ts';

/** Creating the planned fields of one module, whatever becomes of the answers. */

interface CreateDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly language: Language;
}
export interface AppliedField extends PlannedField {
  /** Zoho's code and words where it refused the field. */
  readonly error: string | null;
}
export interface ModulePlan {
  readonly module: ModuleName;
  readonly specs: readonly AnySpec[];
  readonly present: readonly FieldMeta[];
  readonly fields: readonly PlannedField[];
}

/** Zoho takes five fields a call. */
const FIELDS_PER_CALL = 5;

/** What the plan creates, then the API names that Zoho gave. One refused field does not stop the others. */
export async function createModuleFields(
  deps: CreateDeps,
  zoho: ZohoClient,
  plan: ModulePlan,
): Promise<AppliedField[]> {
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
  deps: CreateDeps,
  zoho: ZohoClient,
  plan: ModulePlan,
  few: readonly PlannedField[],
): Promise<AppliedField[]> {
  const specs = new Map(plan.specs.map((spec) => [spec.key, spec]));
  const requests = few.flatMap((field) => {
    const spec = specs.get(field.key);
    return spec ? [newFieldOf(spec, { ...field, language: deps.language })] : [];
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
  deps: CreateDeps,
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
  deps: CreateDeps,
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
