// Pictures of the widget over the sample firm, into screenshots/ (ignored): four languages, day and night, on a phone.
import { mkdirSync } from 'node:fs';
import { LANGUAGES } from '../src/widget/texts/tables.ts';
import { type OrgRecord, recordsOf } from '../test/support/org.ts';
import { aWidgetWorld, type Scene } from '../test/support/widget-world.ts';

const FOLDER = 'screenshots/widget';
const WIDE = { width: 900, height: 700 };
const PHONE = { width: 360, height: 740 };

mkdirSync(FOLDER, { recursive: true });
const widget = await aWidgetWorld();
const { simulator } = widget.world;
const rows = (module: string) => recordsOf(simulator, module);
const accounts = rows('Accounts').toSorted((a, b) => Number(b.Profit_12_Months) - Number(a.Profit_12_Months));
const overdue = rows('Tasks').find((task) => String(task.CV_Ref).startsWith('cv-'));
const withTask = accounts.find(({ id }) => id === (overdue?.What_Id as { id?: string } | null)?.id);
const first = (module: string, field: string) => rows(module).find((row) => row[field] != null);

const night: NonNullable<Scene['crm']> = async (call, next) =>
  call.type === 'USER_PREFERENCE' ? { is: 'answer', data: { theme: 'Night' } } : next(call);
const reads =
  (data: unknown): NonNullable<Scene['crm']> =>
  async (call, next) =>
    call.category === 'READ' ? { is: 'failure', data } : next(call);
const at = (module: string, record: OrgRecord | undefined) => ({ Entity: module, EntityId: record?.id });

const best = at('Accounts', accounts[0]);
const scenes: [string, Scene][] = [
  ...LANGUAGES.flatMap((language): [string, Scene][] => [
    [`card-${language}`, { page: best, locale: language, browser: { viewport: WIDE } }],
    [`card-${language}-night`, { page: best, locale: language, crm: night, browser: { viewport: WIDE } }],
    [`card-${language}-phone`, { page: best, locale: language, browser: { viewport: PHONE } }],
    [
      `worklist-${language}`,
      { file: 'worklist.html', page: null, locale: language, browser: { viewport: WIDE } },
    ],
  ]),
  ['worklist-night-phone', { file: 'worklist.html', page: null, crm: night, browser: { viewport: PHONE } }],
  ['card-reminders', { page: at('Accounts', withTask), browser: { viewport: WIDE } }],
  ['card-loss', { page: at('Accounts', accounts.at(-1)), browser: { viewport: WIDE } }],
  ['deal', { page: at('Deals', first('Deals', 'Customer_Tier')), browser: { viewport: WIDE } }],
  ['case', { page: at('Cases', first('Cases', 'Customer_Tier')), browser: { viewport: WIDE } }],
  ['lead', { page: at('Leads', first('Leads', 'Followup_Status')), browser: { viewport: WIDE } }],
  ['contact', { page: at('Contacts', first('Contacts', 'Customer_Tier')), browser: { viewport: WIDE } }],
  ['state-forbidden', { page: best, crm: reads({ code: 'NO_PERMISSION' }), browser: { viewport: WIDE } }],
  ['state-failed', { page: best, crm: reads({ code: 'INTERNAL_ERROR' }), browser: { viewport: WIDE } }],
  ['state-sdk', { page: best, isSdkBlocked: true, browser: { viewport: WIDE } }],
  ['state-outside', { page: best, isDeaf: true, browser: { viewport: WIDE } }],
  ['state-no-record', { page: { Entity: 'Accounts', EntityId: [] }, browser: { viewport: WIDE } }],
];
const asked = process.argv.slice(2);
for (const [name, scene] of scenes.filter(([name]) => asked.length === 0 || asked.includes(name))) {
  const shown = await widget.show(scene);
  await shown.page.waitForTimeout(300);
  await shown.page.screenshot({ path: `${FOLDER}/${name}.png`, fullPage: true });
  for (const complaint of shown.complaints) process.stderr.write(`${name}: ${complaint}\n`);
  await shown.close();
}
await widget.close();
process.stdout.write(`pictures in ${FOLDER}/\n`);
