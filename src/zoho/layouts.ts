import { z } from 'zod';
import { ZohoContractError } from '../errors.ts';
import { isSuccess, problemOf, resultRows } from './answers.ts';
import type { ZohoClient } from './client.ts';
import { inChunks, listIn } from './rows.ts';

/** Sections of layouts (Zoho's v8 page "Update Custom Layout"): a scope of its own, settings.layouts.UPDATE. */

interface Section {
  readonly id: string;
  readonly label: string;
  readonly fieldIds: readonly string[];
}
export interface Layout {
  readonly id: string;
  readonly name: string;
  readonly isActive: boolean;
  readonly sections: readonly Section[];
}

const word = z.string().nullish();
const Answer = z.object({
  id: z.string(),
  name: word,
  status: z.union([z.string(), z.number()]).nullish(),
  sections: z
    .array(
      z.object({
        id: z.union([z.string(), z.number()]).transform(String).nullish(),
        display_label: word,
        name: word,
        fields: z.array(z.object({ id: z.string().nullish() })).nullish(),
      }),
    )
    .nullish(),
});

/** Of all sections of a call together. */
const FIELDS_PER_CALL = 5;

export async function fetchSections(client: ZohoClient, module: string): Promise<Layout[]> {
  const path = '/crm/v8/settings/layouts';
  const query = { module };
  const { body } = await client.request({ method: 'GET', path, query, credits: client.prices.metadata });
  return listIn(body, 'layouts', path).map((row) => {
    const parsed = Answer.safeParse(row);
    if (!parsed.success)
      throw new ZohoContractError(`Zoho describes a layout of ${module} in a way we do not know`);
    const { id, name, status, sections } = parsed.data;
    return {
      id,
      name: name ?? '',
      // Documented as a word and seen as a number; only these say that it is out of use.
      isActive: !/^(inactive|-1)$/i.test(String(status ?? '')),
      sections: (sections ?? []).flatMap((section) =>
        section.id
          ? [
              {
                id: section.id,
                label: section.display_label || section.name || '',
                fieldIds: (section.fields ?? []).flatMap((field) => field.id ?? []),
              },
            ]
          : [],
      ),
    };
  });
}

export interface SectionAt {
  readonly module: string;
  readonly layoutId: string;
}

/** Null, or why Zoho refused. */
export async function addSection(
  client: ZohoClient,
  at: SectionAt,
  { label, fieldIds }: { label: string; fieldIds: readonly string[] },
): Promise<string | null> {
  const fields = fieldIds.slice(0, FIELDS_PER_CALL).map((id) => ({ id }));
  return change(client, at, { display_label: label, fields });
}

export async function fillSection(
  client: ZohoClient,
  at: SectionAt,
  { id, fieldIds }: { id: string; fieldIds: readonly string[] },
): Promise<string | null> {
  for (const few of inChunks(fieldIds, FIELDS_PER_CALL)) {
    const refused = await change(client, at, { id, fields: few.map((field) => ({ id: field })) });
    if (refused !== null) return refused;
  }
  return null;
}

export function removeSection(client: ZohoClient, at: SectionAt, id: string): Promise<string | null> {
  return change(client, at, { id, _delete: { permanent: true } });
}

async function change(
  client: ZohoClient,
  { module, layoutId }: SectionAt,
  section: Record<string, unknown>,
): Promise<string | null> {
  const { body } = await client.request({
    method: 'PATCH',
    path: `/crm/v8/settings/layouts/${encodeURIComponent(layoutId)}`,
    query: { module },
    body: { layouts: [{ sections: [section] }] },
    credits: client.prices.metadata,
  });
  const [row] = resultRows(body) ?? [];
  if (row === undefined || isSuccess(row)) return null;
  const problem = problemOf(row);
  return problem === null ? null : `${problem.code}: ${problem.message}`;
}
