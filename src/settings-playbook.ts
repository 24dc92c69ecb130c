import { z } from 'zod';
import { MAX_RULE_ID, RULE_ID } from './plan/cv-ref.ts';
import { CUSTOMER_FACTS, LEAD_FACTS } from './plan/playbook-facts.ts';
import type { PlaybookRule, RuleCondition } from './rules.ts';
import { REASON_CODES } from './scoring/reasons.ts';
import { didYouMean } from './settings-near.ts';
import { days, PHASES, percent, SUB_PHASES } from './settings-values.ts';
import { TASK_VARIABLES, variablesIn } from './texts/task-text.ts';

/** playbook.yaml: which reminders are made, when, what they say, and what holds a plan (docs/playbook.md). */

const ALL_FACTS = { ...CUSTOMER_FACTS, ...LEAD_FACTS };
type Fact = keyof typeof ALL_FACTS;
const ofScope = (scope: PlaybookRule['for']): { readonly [fact: string]: string } =>
  scope === 'leads' ? LEAD_FACTS : CUSTOMER_FACTS;

const dayTest = z
  .strictObject({
    known: z.boolean().optional(),
    within: days.optional(),
    notWithin: days.optional(),
    ahead: days.optional(),
    since: z.string().optional(),
    notSince: z.string().optional(),
  })
  .refine((test) => Object.values(test).some((value) => value !== undefined), 'say where the day lies');
const range = z
  .strictObject({ min: z.number().optional(), max: z.number().optional() })
  .refine(({ min, max }) => min !== undefined || max !== undefined, 'give min, max or both');
const TESTS = {
  flag: z.boolean(),
  word: z.array(z.string().min(1)).min(1),
  number: range,
  money: range,
  day: dayTest,
} as const;
// Object.fromEntries forgets which key has which test.
const factTests = z.strictObject(
  Object.fromEntries(Object.entries(ALL_FACTS).map(([fact, kind]) => [fact, TESTS[kind].optional()])) as {
    [F in Fact]: z.ZodOptional<(typeof TESTS)[(typeof ALL_FACTS)[F]]>;
  },
);

const reasonCodes = z.array(
  z.string().superRefine((code, context) => {
    const isKnown = code.endsWith('*')
      ? REASON_CODES.some((one) => one.startsWith(code.slice(0, -1)))
      : REASON_CODES.some((one) => one === code);
    if (!isKnown)
      context.addIssue({ code: 'custom', message: `no such code${didYouMean(code, REASON_CODES)}` });
  }),
);
const condition = z.strictObject({
  phase: z.array(z.enum(PHASES)).optional(),
  subPhase: z.array(z.enum(SUB_PHASES)).optional(),
  tier: z.array(z.enum(['top', 'good', 'marginal', 'loss_making', 'none'])).optional(),
  gold: z.boolean().optional(),
  reasons: reasonCodes.min(1).optional(),
  without: reasonCodes.optional(),
  facts: factTests.optional(),
});

const text = z.string().trim().min(1);
const words = z.union([
  text.transform((any) => ({ en: any, nl: any, pl: any, da: any })),
  z
    .strictObject({ en: text.optional(), nl: text.optional(), pl: text.optional(), da: text.optional() })
    .transform(({ en, nl, pl, da }, context) => {
      // Whoever works in one language words the task in that one.
      const any = en ?? nl ?? pl ?? da;
      if (any !== undefined) return { en: en ?? any, nl: nl ?? any, pl: pl ?? any, da: da ?? any };
      context.addIssue({ code: 'custom', message: 'word it in at least one of en, nl, pl, da' });
      return z.NEVER;
    }),
]);

const email = z.email('the e-mail address of a user of the CRM');
const workingDays = z.int().nonnegative().max(250);
const PlaybookRulePart = z
  .strictObject({
    id: z.string().max(MAX_RULE_ID).regex(RULE_ID, 'small letters, digits and _, beginning with a letter'),
    title: words.optional(),
    enabled: z.boolean().default(true),
    for: z.enum(['customers', 'leads']).default('customers'),
    topic: z.string().min(1).optional(),
    when: condition,
    openWhile: condition.optional(),
    per: z.string().optional(),
    task: z.strictObject({ subject: words, body: words }),
    due: z.strictObject({ workingDays: z.union([workingDays, z.literal('by_tier')]) }).prefault({
      workingDays: 'by_tier',
    }),
    priority: z.enum(['by_tier', 'High', 'Normal', 'Low']).default('by_tier'),
    owner: z.union([z.enum(['record', 'stand_in']), email]).default('record'),
    coolDown: days.optional(),
    escalation: z
      .strictObject({
        afterWorkingDays: workingDays.min(1),
        to: z.union([z.enum(['owner', 'manager']), email]).default('owner'),
      })
      .optional(),
    background: z.boolean().default(false),
    quietBeforeAppointment: z.boolean().default(false),
  })
  .superRefine((rule, context) => {
    const report = (path: PropertyKey[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const facts = ofScope(rule.for);
    for (const part of ['when', 'openWhile'] as const) {
      const given = rule[part];
      if (given !== undefined)
        checkCondition(given, rule.for, (path, message) => report([part, ...path], message));
    }
    if (rule.per !== undefined) checkDayFact(rule.per, facts, (message) => report(['per'], message));
    for (const [language, title] of Object.entries(rule.title ?? {})) {
      if (variablesIn(title).length > 0) report(['title', language], 'a title has no variables');
    }
    for (const part of ['subject', 'body'] as const) {
      for (const [language, template] of Object.entries(rule.task[part])) {
        for (const name of variablesIn(template).filter((one) => !(one in TASK_VARIABLES))) {
          const hint = didYouMean(name, Object.keys(TASK_VARIABLES));
          report(['task', part, language], `unknown variable {${name}}${hint}`);
        }
      }
    }
  });

type Report = (path: PropertyKey[], message: string) => void;
function checkCondition(given: RuleCondition, scope: PlaybookRule['for'], report: Report): void {
  const facts = ofScope(scope);
  if (scope === 'leads') {
    for (const key of ['phase', 'subPhase', 'tier', 'gold'] as const) {
      if (given[key] !== undefined) report([key], 'leads have none');
    }
  }
  for (const [fact, test] of Object.entries(given.facts ?? {})) {
    if (test === undefined) continue;
    if (!(fact in facts)) report(['facts', fact], `${scope} have no such fact`);
    if (typeof test !== 'object' || Array.isArray(test)) continue;
    for (const key of ['since', 'notSince'] as const) {
      const other: unknown = Reflect.get(test, key);
      if (typeof other === 'string')
        checkDayFact(other, facts, (message) => report(['facts', fact, key], message));
    }
  }
}

function checkDayFact(
  name: string,
  facts: { readonly [fact: string]: string },
  report: (message: string) => void,
): void {
  if (facts[name] === 'day') return;
  const known = Object.keys(facts).filter((fact) => facts[fact] === 'day');
  report(`${name} is no fact that is a day${didYouMean(name, known)}`);
}

const perTier = <T extends z.ZodType>(value: T) =>
  z.strictObject({ top: value, good: value, marginal: value, loss_making: value, none: value });
export const PlaybookFile = z.strictObject({
  version: z.literal(1),
  reminders: z
    .strictObject({
      perOwnerAndDay: z.int().nonnegative().default(5),
      perRecord: z.int().min(1).default(2),
      coolDownDays: days.prefault(14),
      dueWorkingDays: perTier(z.int().nonnegative()).prefault({
        top: 1,
        good: 3,
        marginal: 5,
        loss_making: 5,
        none: 5,
      }),
    })
    .prefault({}),
  outcomes: z
    .strictObject({
      touchDays: days.prefault(14),
      resultDays: days.prefault(90),
      ignoredDays: days.prefault(14),
      minCount: z.int().min(1).default(10),
    })
    .prefault({}),
  apply: z
    .strictObject({
      fieldsOnly: z.boolean().default(false),
      canaryRecords: z.int().nonnegative().default(0),
      canaryMaxRejected: z.int().nonnegative().default(0),
    })
    .prefault({}),
  guards: z
    .strictObject({
      maxTierChangePercent: percent.default(10),
      maxProfitLeapPercent: percent.default(25),
      minPopulation: z.int().min(1).default(20),
      maxNewTasks: z.int().nonnegative().default(200),
    })
    .prefault({}),
  /** Left out: those that are shipped. */
  rules: z
    .array(PlaybookRulePart)
    .superRefine((rules, context) => {
      const seen = new Set<string>();
      for (const [index, { id }] of rules.entries()) {
        if (seen.has(id))
          context.addIssue({ code: 'custom', path: [index, 'id'], message: `${id} is there twice` });
        seen.add(id);
      }
    })
    .optional(),
});
