import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { mappingOf } from './mapping-file.ts';
import type { Settings } from './rules.ts';
import { FieldsFile } from './settings-fields.ts';
import { LeadsPart, OwnStepPart, RfmPart } from './settings-labels.ts';
import { didYouMean, keysInSchema } from './settings-near.ts';
import { PhasesPart } from './settings-phases.ts';
import { PlaybookFile } from './settings-playbook.ts';
import { days, money, percent } from './settings-values.ts';

/** scoring.yaml, playbook.yaml, fields.yaml: data with units, judged at start, every problem at once. */

/** By the name that imported lines carry, whatever its case. */
const margins = z.record(z.string().trim().toLowerCase().min(1), z.number().min(-1000).max(100));
const perTier = <T extends z.ZodType>(value: T) =>
  z.strictObject({ top: value, good: value, marginal: value, loss_making: value, none: value });

const ScoringFile = z.strictObject({
  version: z.literal(1),
  customer: z
    .strictObject({
      basis: z.enum(['both', 'account', 'contact']).default('both'),
      excludeAccountTypes: z.array(z.string()).default([]),
      rollUp: z.enum(['none', 'parent']).default('none'),
    })
    .prefault({}),
  purchase: z
    .strictObject({
      from: z.enum(['deals', 'invoices', 'orders', 'imports']).default('deals'),
      quotes: z.enum(['auto', 'off']).default('auto'),
      orders: z.enum(['auto', 'off']).default('auto'),
      notCounted: z
        .array(z.string().min(1).toLowerCase())
        .default([
          'cancel',
          'void',
          'draft',
          'reject',
          'declin',
          'annul',
          'geannul',
          'concept',
          'anulow',
          'kladde',
        ]),
    })
    .prefault({}),
  currency: z
    .strictObject({ rateDirection: z.enum(['divide', 'multiply', 'unknown']).default('unknown') })
    .prefault({}),
  money: z
    .strictObject({
      defaultMarginPercent: percent.default(30),
      includeAcquisition: z.boolean().default(false),
      accountSharePercent: percent.default(0),
      capitalCostPercent: percent.default(0),
      margins: z.strictObject({ products: margins.prefault({}), groups: margins.prefault({}) }).prefault({}),
      unitCosts: z
        .strictObject({
          perOrder: money.prefault(0),
          perOrderLine: money.prefault(0),
          perShipment: money.prefault(0),
          perReturn: money.prefault(0),
          perServiceCase: money.prefault(0),
          perServiceMinute: money.prefault(0),
          perVisit: money.prefault(0),
          perVisitKm: money.prefault(0),
          perCall: money.prefault(0),
          perEmail: money.prefault(0),
          perHour: money.prefault(0),
          perContactMonth: money.prefault(0),
          perAccountMonth: money.prefault(0),
        })
        .prefault({}),
    })
    .prefault({}),
  tiers: z
    .strictObject({
      topPercent: percent.default(20),
      goldPercent: percent.default(10),
      minPopulation: z.int().min(1).default(20),
      minHistoryDays: days.prefault(90),
      goodMinProfit: money.nullable().default(null),
      bufferPercent: percent.default(10),
      lossTolerance: money.prefault(0),
      lowerAfterDays: days.prefault(7),
    })
    .prefault({}),
  contactDays: perTier(days.nullable()).prefault({
    top: 30,
    good: 60,
    marginal: 120,
    loss_making: 180,
    none: null,
  }),
  unresponsive: z
    .strictObject({ after: z.int().min(1).default(3), maxDays: days.prefault(180) })
    .prefault({}),
  cadence: z
    .strictObject({ minGaps: z.int().min(1).default(20), fallbackDays: days.prefault(90) })
    .prefault({}),
  phases: PhasesPart,
  rfm: RfmPart,
  effort: z.strictObject({ sharePercent: percent.default(5) }).prefault({}),
  nextSteps: z.array(OwnStepPart).default([]),
  referral: z.strictObject({ sharePercent: percent.default(20) }).prefault({}),
  contributions: z
    .strictObject({
      inTier: z.boolean().default(false),
      values: z
        .strictObject({
          referral: money.prefault(0),
          case_study: money.prefault(0),
          testimonial: money.prefault(0),
          review: money.prefault(0),
        })
        .prefault({}),
    })
    .prefault({}),
  priceOnly: z
    .strictObject({
      minPurchases: z.int().min(1).default(3),
      sharePercent: percent.default(80),
      discountPercent: percent.default(20),
    })
    .prefault({}),
  goodwillPercent: z
    .strictObject({ gold: percent.default(3), top: percent.default(2), good: percent.default(1) })
    .prefault({}),
  models: z
    .strictObject({
      minBuyers: z.int().min(1).default(200),
      minRepeaters: z.int().min(1).default(80),
      minRepeats: z.int().min(1).default(200),
      minHistoryDays: days.prefault(180),
      minDropoutGain: z.number().nonnegative().default(3),
      minRegularityGain: z.number().nonnegative().default(3),
      maxValueShape: z.number().positive().default(100),
      maxValueCorrelation: z.number().min(0).max(1).default(0.3),
      backtestPercent: z.number().min(5).max(50).default(20),
      backtestMinDays: days.prefault(90),
      maxTotalErrorPercent: percent.default(30),
      annualDiscountPercent: percent.default(10),
      rangePercent: z.number().min(50).max(99).default(80),
      refitDays: z.int().min(1).default(7),
    })
    .prefault({}),
  leads: LeadsPart,
  touches: z
    .strictObject({
      minCallSeconds: z.int().nonnegative().default(10),
      tasks: z.enum(['contact', 'all', 'none']).default('contact'),
      notes: z.enum(['off', 'contact', 'all']).default('off'),
      emails: z.strictObject({ creditsPerDay: z.int().nonnegative().default(0) }).prefault({}),
      taskWords: z
        .array(z.string().min(1).toLowerCase())
        .default([
          'call',
          'phone',
          'meet',
          'visit',
          'talk',
          'demo',
          'mail',
          'email',
          'e-mail',
          'contact',
          'follow',
          'check-in',
          'bel',
          'gesprek',
          'bezoek',
          'afspraak',
          'telefon',
          'spotkan',
          'wizyt',
          'rozm',
          'ring',
          'møde',
          'besøg',
        ]),
    })
    .prefault({}),
});

const FILES = { scoring: ScoringFile, playbook: PlaybookFile, fields: FieldsFile } as const;
type FileName = keyof typeof FILES;

/** JSON Schemas of the three files, for editors. */
export function settingsJsonSchemas(): Record<FileName, unknown> {
  return {
    scoring: jsonSchema(ScoringFile),
    playbook: jsonSchema(PlaybookFile),
    fields: jsonSchema(FieldsFile),
  };
}
function jsonSchema(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let at = root;
  for (const step of path) at = at !== null && typeof at === 'object' ? Reflect.get(at, step) : undefined;
  return at;
}
function keysAt(root: unknown, path: readonly PropertyKey[]): string[] {
  const at = valueAt(root, path);
  return at !== null && typeof at === 'object' ? Object.keys(at) : [];
}

function problemLines(file: string, schema: z.ZodType, raw: unknown, error: z.ZodError): string[] {
  return flatIssues(error.issues).flatMap((issue) => {
    const where = issue.path.map(String).join('.');
    if (issue.code === 'unrecognized_keys') {
      const names = keysInSchema(jsonSchema(schema), issue.path);
      return issue.keys.map(
        (key) => `${file}: unknown key ${[where, key].filter(Boolean).join('.')}${didYouMean(key, names)}`,
      );
    }
    const given = issue.code === 'invalid_value' ? valueAt(raw, issue.path) : undefined;
    const hint =
      issue.code === 'invalid_value' && typeof given === 'string'
        ? didYouMean(given, issue.values.map(String))
        : '';
    return [`${file}: ${where || 'file'}: ${issue.message}${hint}`];
  });
}

type Issue = z.core.$ZodIssue;
/** Where a value may have several forms, what is wrong with the one that it comes closest to. */
function flatIssues(issues: readonly Issue[]): Issue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union') return [issue];
    const forms = issue.errors.filter((form) => form.every(({ code }) => code !== 'invalid_type'));
    const [form] = forms;
    if (forms.length !== 1 || form === undefined) return [issue];
    return flatIssues(form.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })));
  });
}

function currencyCodes(value: unknown, found: Set<string>): void {
  if (typeof value === 'string') {
    const code = /^([A-Z]{3})\s*-?\d/.exec(value)?.[1];
    if (code) found.add(code);
  } else if (value !== null && typeof value === 'object') {
    for (const inner of Object.values(value)) currencyCodes(inner, found);
  }
}

interface ReadFile<T> {
  value: T | null;
  raw: unknown;
  found: boolean;
}
function readFile<T>(dir: string, name: FileName, schema: z.ZodType<T>, problems: string[]): ReadFile<T> {
  const path = join(dir, `${name}.yaml`);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOENT') return { value: schema.parse({ version: 1 }), raw: {}, found: false };
    problems.push(`${path}: cannot be read (${String(code ?? cause)})`);
    return { value: null, raw: {}, found: false };
  }
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    problems.push(...document.errors.map((error) => `${path}: ${error.message.split('\n')[0]}`));
    return { value: null, raw: {}, found: true };
  }
  const raw: unknown = document.toJS();
  const parsed = schema.safeParse(raw);
  if (!parsed.success) problems.push(...problemLines(path, schema, raw, parsed.error));
  return { value: parsed.success ? parsed.data : null, raw, found: true };
}

/**
 * Reads the three files of `dir`; a file that is absent means its defaults, and rules that are left out are those of
 * `shippedDir`. Problems are added, never thrown.
 */
export function readSettings(
  dir: string,
  problems: string[],
  shippedDir = dir,
): { settings: Settings | null; origins: SettingOrigin[] } {
  const scoring = readFile(dir, 'scoring', ScoringFile, problems);
  const playbook = readFile(dir, 'playbook', PlaybookFile, problems);
  const fields = readFile(dir, 'fields', FieldsFile, problems);
  if (!scoring.value || !playbook.value || !fields.value) return { settings: null, origins: [] };
  const shipped =
    playbook.value.rules ?? readFile(shippedDir, 'playbook', PlaybookFile, problems).value?.rules;
  const { version: _1, ...rules } = scoring.value;
  const found = new Set<string>();
  currencyCodes(scoring.raw, found);
  const origins = [
    ...originsOf('scoring', scoring.value, scoring.raw),
    ...originsOf('playbook', playbook.value, playbook.raw),
    ...originsOf('fields', fields.value, fields.raw),
  ];
  const settings: Settings = {
    scoring: rules,
    plan: {
      onEdit: { usual: fields.value.writeBack.onEdit, fields: fields.value.writeBack.onEditOf },
      materiality: fields.value.materiality,
      language: fields.value.language,
      reminders: playbook.value.reminders,
      outcomes: playbook.value.outcomes,
      apply: playbook.value.apply,
      guards: playbook.value.guards,
      playbook: shipped ?? [],
    },
    mapping: mappingOf(fields.value.mapping),
    creditCeilingPercent: fields.value.credits.ceilingPercent,
    documentLineCredits: fields.value.credits.documentLines,
    stageHistoryCredits: fields.value.credits.stageHistory,
    creditPrices: fields.value.credits.prices,
    writeBack: fields.value.writeBack,
    stageHistory: fields.value.stageHistory,
    moneyCodes: [...found],
    marginIsSet: keysAt(scoring.raw, ['money']).includes('defaultMarginPercent'),
  };
  return { settings, origins };
}

export interface SettingOrigin {
  readonly key: string;
  readonly value: unknown;
  readonly origin: 'default' | 'file';
}
function originsOf(file: string, value: unknown, raw: unknown, path: string[] = []): SettingOrigin[] {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, inner]) =>
      originsOf(file, inner, raw !== null && typeof raw === 'object' ? Reflect.get(raw, key) : undefined, [
        ...path,
        key,
      ]),
    );
  }
  return [{ key: [file, ...path].join('.'), value, origin: raw === undefined ? 'default' : 'file' }];
}
