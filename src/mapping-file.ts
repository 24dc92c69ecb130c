import { z } from 'zod';
import type { ModuleName } from './domain.ts';
import type { Mapping } from './rules.ts';
import { INPUTS, inputsOf } from './sync/inputs.ts';

/** The part `mapping` of fields.yaml: what the org calls its modules, and where it keeps what we read. */

// They stand in the text of queries, so nothing else may.
const API_NAME = /^\w{1,100}$/;
const apiName = z.string().regex(API_NAME, 'an API name, e.g. Closing_Date (Setup, Developer Hub, APIs)');
// Zoho moves it whenever anybody edits the record, this service included.
const NO_CONTACT_DATE = 'Last_Activity_Time';
/** One API name that must exist, or several of which the first that exists is taken. */
const mapped = z
  .union([apiName, z.array(apiName).min(1)])
  .nullable()
  .meta({ id: 'mappedName' });
const contactDate = mapped.refine((names) => ![names].flat().includes(NO_CONTACT_DATE), {
  message: `${NO_CONTACT_DATE} tells of edits, not of contacts; name a date that people keep`,
});
const MODULES = Object.keys(INPUTS) as ModuleName[]; // the keys of a record by module

/** A single usual name is a list of one: nobody chose it, so an org without it is not told off for each. */
function inputsFile(module: ModuleName) {
  const shape = Object.fromEntries(
    inputsOf(module).map(([input, { names }]) => {
      const usual = names.length === 0 ? null : [...names];
      return [input, (input === 'lastContact' ? contactDate : mapped).default(usual)];
    }),
  );
  return z.strictObject(shape).prefault({});
}
export const MappingFile = z
  .strictObject({
    modules: z
      .strictObject(Object.fromEntries(MODULES.map((module) => [module, apiName.default(module)])))
      .prefault({}),
    lines: z
      .strictObject({
        sales_orders: apiName.default('Ordered_Items'),
        invoices: apiName.default('Invoiced_Items'),
      })
      .prefault({}),
    ...Object.fromEntries(MODULES.map((module) => [module.toLowerCase(), inputsFile(module)])),
  })
  .prefault({});

export function mappingOf(file: z.output<typeof MappingFile>): Mapping {
  const parts = new Map<string, unknown>(Object.entries(file));
  const byModule = (of: (module: ModuleName) => unknown): unknown =>
    Object.fromEntries(MODULES.map((module) => [module, of(module)]));
  // Every part has its schema above; as a computed shape it has lost its type.
  return {
    modules: file.modules as Mapping['modules'],
    lines: { Sales_Orders: file.lines.sales_orders, Invoices: file.lines.invoices },
    inputs: byModule((module) => parts.get(module.toLowerCase())) as Mapping['inputs'],
  };
}
