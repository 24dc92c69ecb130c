import { z } from 'zod';

/** Zoho's metadata answers. Only the keys that we use; unknown ones pass. */

// Zoho sends null for empty and adds keys at will: only what we use is named, and only ids are demanded.
const id = z.union([z.string(), z.number()]).transform(String);
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
// A length or a count that cannot be read is one that Zoho did not give.
const number = z.coerce.number().nullish().catch(null);
const flag = z
  .unknown()
  .optional()
  .transform((value) => value === true || value === 'true');
const mostlyTrue = z
  .unknown()
  .optional()
  .transform((value) => value !== false && value !== 'false');

export const OrgAnswer = z.object({
  id,
  zgid: id.nullish(),
  company_name: text,
  time_zone: z.string().min(1),
  iso_code: text,
  currency: text,
  mc_status: flag,
  country_code: text,
  country: text,
  license_details: z
    .object({
      paid: flag,
      paid_type: text,
      trial_type: text,
      users_license_purchased: number,
    })
    .nullish(),
});

export const UserAnswer = z.object({
  id,
  full_name: text,
  first_name: text,
  last_name: text,
  status: text,
  profile: z.object({ name: text }).nullish(),
  email: text,
  // Sent where the org has a reporting hierarchy.
  Reporting_To: z.object({ id }).nullish().catch(null),
});
export const ModuleAnswer = z.object({
  api_name: z.string(),
  api_supported: flag,
  viewable: mostlyTrue,
  creatable: mostlyTrue,
  editable: mostlyTrue,
  generated_type: text,
});

export const FieldAnswer = z.object({
  id,
  api_name: z.string(),
  field_label: text,
  display_label: text,
  data_type: text,
  length: number,
  custom_field: flag,
  read_only: flag,
  field_read_only: flag,
  virtual_field: flag,
  visible: mostlyTrue,
  formula: z.object({ return_type: text }).nullish().catch(null),
  unique: z.unknown().optional(),
  lookup: z.unknown().optional(),
  operation_type: z.object({ api_update: mostlyTrue }).nullish(),
  pick_list_values: z
    .array(
      z.object({
        display_value: text,
        actual_value: text,
        reference_value: z.string().nullish(),
        type: text,
      }),
    )
    .nullish(),
});
export const ModuleReference = z.object({
  module: z.union([z.string(), z.object({ api_name: z.string() }).transform(({ api_name }) => api_name)]),
});
export const LayoutAnswer = z.object({ id, name: text, status: z.union([z.string(), z.number()]).nullish() });

export const PipelineAnswer = z.object({
  display_value: text,
  actual_value: text,
  maps: z.array(z.object({ display_value: text, actual_value: text, forecast_type: text })).nullish(),
});

export const MailAnswer = z.object({
  message_id: id,
  subject: text,
  time: z.unknown().optional(),
  sent_time: z.unknown().optional(),
  sent: z
    .union([z.boolean(), z.literal('true'), z.literal('false')])
    .nullish()
    .transform((value) => {
      return value === undefined || value === null ? null : value === true || value === 'true';
    }),
  status: z
    .array(z.object({ type: text }))
    .nullish()
    .catch(null)
    .transform((value) => value ?? []),
});
