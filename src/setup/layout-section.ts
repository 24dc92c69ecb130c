import type { Language, ModuleName } from '../domain.ts';
import { AppError, ZohoAuthError, ZohoCreditsError } from '../errors.ts';
import type { ZohoClient } from '../zoho/client.ts';
import { addSection, fetchSections, fillSection, type Layout, removeSection } from '../zoho/layouts.ts';

/**
 * A section "Customer value" for our fields in the layouts in use. Only fields that were just made are put there: where
 * people put one later is theirs to say. What Zoho refuses is told and keeps nobody from the fields.
 */

export interface SectionNote {
  readonly module: ModuleName;
  readonly layout: string;
  readonly action: 'made' | 'filled' | 'failed';
  readonly note: string | null;
}

const LABELS: { readonly [L in Language]: string } = {
  en: 'Customer value',
  nl: 'Klantwaarde',
  pl: 'Wartość klienta',
  da: 'Kundeværdi',
};
/** Zoho changes layouts of these; activities have none that may be changed. */
export const WITH_LAYOUTS: readonly ModuleName[] = ['Accounts', 'Contacts', 'Leads', 'Deals', 'Cases'];
const SCOPE = 'the access lacks ZohoCRM.settings.layouts.UPDATE; connect again, or place the fields by hand';

const isOurs = ({ label }: { readonly label: string }): boolean => Object.values(LABELS).includes(label);

export async function placeInSection(
  zoho: ZohoClient,
  module: ModuleName,
  input: { fieldIds: readonly string[]; language: Language },
): Promise<SectionNote[]> {
  if (input.fieldIds.length === 0 || !WITH_LAYOUTS.includes(module)) return [];
  return told(module, async () => {
    const notes: SectionNote[] = [];
    for (const layout of (await fetchSections(zoho, module)).filter(({ isActive }) => isActive))
      notes.push(await placeInLayout(zoho, module, layout, input));
    return notes;
  });
}

async function placeInLayout(
  zoho: ZohoClient,
  module: ModuleName,
  layout: Layout,
  { fieldIds, language }: { fieldIds: readonly string[]; language: Language },
): Promise<SectionNote> {
  const at = { module, layoutId: layout.id };
  const before = layout.sections.find(isOurs);
  const note = (action: SectionNote['action'], why: string | null) => ({
    module,
    layout: layout.name,
    action,
    note: why,
  });
  if (!before) {
    const refused = await addSection(zoho, at, { label: LABELS[language], fieldIds });
    if (refused !== null) return note('failed', refused);
  }
  // The answer names no section: it is read again.
  const now = (await fetchSections(zoho, module)).find(({ id }) => id === layout.id);
  const section = now?.sections.find(isOurs);
  if (!section) return note('failed', 'Zoho does not show the new section');
  const rest = fieldIds.filter((id) => !section.fieldIds.includes(id));
  const refused = await fillSection(zoho, at, { id: section.id, fieldIds: rest });
  return refused === null ? note(before ? 'filled' : 'made', null) : note('failed', refused);
}

/** Takes our sections away where nothing stands in them any more. */
export async function removeEmptySections(
  zoho: ZohoClient,
  modules: readonly ModuleName[],
): Promise<SectionNote[]> {
  const failed: SectionNote[] = [];
  for (const module of modules.filter((each) => WITH_LAYOUTS.includes(each))) {
    const notes = await told(module, async () => {
      const refusals: SectionNote[] = [];
      for (const layout of await fetchSections(zoho, module)) {
        for (const section of layout.sections.filter((each) => isOurs(each) && each.fieldIds.length === 0)) {
          const note = await removeSection(zoho, { module, layoutId: layout.id }, section.id);
          if (note !== null) refusals.push({ module, layout: layout.name, action: 'failed', note });
        }
      }
      return refusals;
    });
    failed.push(...notes);
  }
  return failed;
}

async function told(module: ModuleName, work: () => Promise<SectionNote[]>): Promise<SectionNote[]> {
  try {
    return await work();
  } catch (error) {
    const isScope = error instanceof ZohoAuthError && error.scope;
    const endsAll = error instanceof ZohoCreditsError || (error instanceof ZohoAuthError && !isScope);
    if (endsAll || !(error instanceof AppError)) throw error;
    return [{ module, layout: '', action: 'failed', note: isScope ? SCOPE : error.message }];
  }
}
