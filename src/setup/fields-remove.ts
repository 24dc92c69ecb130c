import type { MappedField } from '../changes.ts';
import type { Connection, ModuleName } from '../domain.ts';
import { ZohoRejectedError } from '../errors.ts';
import { type FieldSet, INPUT_CATALOG } from '../plan/field-catalog.ts';
import type { Store } from '../store/store.ts';
import type { ZohoClient } from '../zoho/client.ts';
import { deleteField } from '../zoho/fields.ts';
import { countFilled } from '../zoho/filled.ts';
import { type FieldMeta, fetchFields } from '../zoho/metadata.ts';
import { wantedFields } from './fields-plan.ts';
import { removeEmptySections, type SectionNote } from './layout-section.ts';
import { requireWritable } from './may-write.ts';

/** Taking our fields out of an org again: first what that would lose, then the deed. */

export interface RemoveDeps {
  readonly store: Pick<Store, 'fieldMap' | 'records' | 'metadata'>;
  readonly zohoFor: (connection: Connection) => Promise<ZohoClient>;
}
export interface RemoveInput {
  readonly connection: Connection;
  /** Null: all, but for what people filled in. */
  readonly sets: readonly FieldSet[] | null;
  /** When we leave the org. Of what people filled in, these go all the same; what stays can be named again. */
  readonly leaving?: { readonly inputs: readonly MappedField[] };
}
interface Place {
  readonly module: ModuleName;
  readonly label: string;
  readonly apiName: string;
}
export interface FieldLoss extends Place {
  readonly action: 'remove' | 'keep';
  readonly note: string | null;
  /** Records that hold something in it; null where Zoho does not tell. */
  readonly values: number | null;
}
export interface RemovedField extends Place {
  readonly action: 'removed' | 'kept' | 'failed';
  readonly note: string | null;
}

/** What people filled in is theirs: it goes only when the set is named. */
const PEOPLES: ReadonlySet<string> = new Set(INPUT_CATALOG.map(({ key }) => key));
const ADOPTED = 'adopted: it was there before us';
const FILLED_IN = 'people filled it in; delete it with: zcv fields remove --set inputs';

export function isFilledIn({ key }: MappedField): boolean {
  return PEOPLES.has(key);
}

async function chosenFields(deps: RemoveDeps, { connection, sets }: RemoveInput): Promise<MappedField[]> {
  const chosen = sets === null ? null : wantedFields(sets, 'both');
  const fields = await deps.store.fieldMap.all(connection.id);
  // The key of our tasks belongs to no set that a person names.
  const isChosen = ({ module, key }: MappedField) =>
    key !== 'cv_ref' && chosen?.get(module)?.some((spec) => spec.key === key);
  return chosen ? fields.filter(isChosen) : fields;
}

function whyKept(field: MappedField, { sets, leaving }: RemoveInput): string | null {
  if (field.state === 'adopted') return ADOPTED;
  const isNamed = sets !== null || leaving?.inputs.some(({ fieldId }) => fieldId === field.fieldId) === true;
  return isFilledIn(field) && !isNamed ? FILLED_IN : null;
}

/** Each deletion costs a credit, and so does each count here. */
export async function lossOfRemoval(deps: RemoveDeps, input: RemoveInput): Promise<FieldLoss[]> {
  const zoho = await deps.zohoFor(input.connection);
  const losses: FieldLoss[] = [];
  for (const field of await chosenFields(deps, input)) {
    const { module, label, apiName } = field;
    const note = whyKept(field, input);
    const values = note === null ? await countFilled(zoho, module, apiName) : null;
    losses.push({ module, label, apiName, action: note === null ? 'remove' : 'keep', note, values });
  }
  return losses;
}

/** Deletes the fields that we made, with their values, and forgets those that we adopted. Run again, it goes on. */
export async function removeFields(
  deps: RemoveDeps,
  input: RemoveInput,
): Promise<{ fields: RemovedField[]; sections: SectionNote[] }> {
  const { connection } = input;
  requireWritable(connection);
  const zoho = await deps.zohoFor(connection);
  const fields: RemovedField[] = [];
  for (const [module, group] of Map.groupBy(await chosenFields(deps, input), (field) => field.module)) {
    const removed = await removeOfModule(zoho, input, module, group);
    fields.push(...removed.map(({ field: _, ...told }) => told));
    const gone = removed.filter(
      ({ action, note }) => action === 'removed' || (note === ADOPTED && !input.leaving),
    );
    const keys = gone.map(({ field }) => field.key);
    await deps.store.fieldMap.remove(connection.id, module, keys);
    // Made anew, the fields are empty: what the old ones held must not pass for theirs.
    await deps.store.records.forgetOurs(connection.id, module, keys);
  }
  const modules = [...new Set(fields.map(({ module }) => module))];
  const sections = await removeEmptySections(zoho, modules);
  // The next sync asks for the fields that there are now.
  if (fields.length > 0) await deps.store.metadata.expire(connection.id);
  return { fields, sections };
}

async function removeOfModule(
  zoho: ZohoClient,
  input: RemoveInput,
  module: ModuleName,
  fields: readonly MappedField[],
): Promise<(RemovedField & { readonly field: MappedField })[]> {
  const present = fields.every((field) => whyKept(field, input) !== null)
    ? []
    : await presentIn(zoho, module);
  const removed: (RemovedField & { field: MappedField })[] = [];
  for (const field of fields) {
    const { label, apiName } = field;
    const kept = whyKept(field, input);
    const told =
      kept === null ? await removeOne(zoho, field, present) : ({ action: 'kept', note: kept } as const);
    removed.push({ module, label, apiName, ...told, field });
  }
  return removed;
}

/** Words of Zoho where it shows the module to us no longer. */
async function presentIn(zoho: ZohoClient, module: ModuleName): Promise<readonly FieldMeta[] | string> {
  try {
    return await fetchFields(zoho, module);
  } catch (error) {
    if (error instanceof ZohoRejectedError) return error.message;
    throw error;
  }
}

async function removeOne(
  zoho: ZohoClient,
  { module, fieldId }: MappedField,
  present: readonly FieldMeta[] | string,
): Promise<Pick<RemovedField, 'action' | 'note'>> {
  if (typeof present === 'string') return { action: 'failed', note: present };
  if (!present.some(({ id }) => id === fieldId)) return { action: 'removed', note: 'was gone already' };
  const answer = await deleteField(zoho, module, fieldId);
  if (answer.ok) return { action: 'removed', note: null };
  return { action: 'failed', note: `${answer.code}: ${answer.message}` };
}
