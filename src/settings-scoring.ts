import { z } from 'zod';
import { LeadsPart, OwnStepPart, RfmPart } from './settings-labels.ts';
import { PhasesPart } from './settings-phases.ts';
import { days, money, percent } from './settings-values.ts';

/** scoring.yaml: what counts as a purchase, what it costs, and what makes a tier, a phase and a lead. */

/** By the name that imported lines carry, whatever its case. */
const margins = z.record(
  z.string().trim().toLowerCase().min(1),
  z.number().min(-1000).max(100).meta({ unit: 'percent' }),
);
const perTier = <T extends z.ZodType>(value: T) =>
  z.strictObject({ top: value, good: value, marginal: value, loss_making: value, none: value });

export const ScoringFile = z.strictObject({
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
      backtestPercent: z.number().min(5).max(50).meta({ unit: 'percent' }).default(20),
      backtestMinDays: days.prefault(90),
      maxTotalErrorPercent: percent.default(30),
      annualDiscountPercent: percent.default(10),
      rangePercent: z.number().min(50).max(99).meta({ unit: 'percent' }).default(80),
      refitDays: z.int().min(1).meta({ unit: 'days' }).default(7),
    })
    .prefault({}),
  leads: LeadsPart,
  touches: z
    .strictObject({
      minCallSeconds: z.int().nonnegative().meta({ unit: 'seconds' }).default(10),
      tasks: z.enum(['contact', 'all', 'none']).default('contact'),
      notes: z.enum(['off', 'contact', 'all']).default('off'),
      emails: z
        .strictObject({ creditsPerDay: z.int().nonnegative().meta({ unit: 'credits' }).default(0) })
        .prefault({}),
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
