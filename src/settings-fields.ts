import { z } from 'zod';
import { MappingFile } from './mapping-file.ts';
import { fieldsOfSet } from './plan/field-catalog.ts';
import type { CreditPrices } from './rules.ts';
import { days, percent } from './settings-values.ts';
import { DEFAULT_PRICES } from './zoho/prices.ts';

/** fields.yaml: what is read where, in which language we write, when a number is worth a write, and what it may cost. */

const price = (usual: number) => z.number().nonnegative().default(usual);
const CreditPricesPart = z.strictObject({
  metadata: price(DEFAULT_PRICES.metadata),
  listPage: price(DEFAULT_PRICES.listPage),
  deletedPage: price(DEFAULT_PRICES.deletedPage),
  emailsPage: price(DEFAULT_PRICES.emailsPage),
  count: price(DEFAULT_PRICES.count),
  coql200: price(DEFAULT_PRICES.coql200),
  coql1000: price(DEFAULT_PRICES.coql1000),
  coql2000: price(DEFAULT_PRICES.coql2000),
  recordsPerWriteCredit: z.int().positive().default(DEFAULT_PRICES.recordsPerWriteCredit),
  deleteRecords: price(DEFAULT_PRICES.deleteRecords),
  bulkReadJob: price(DEFAULT_PRICES.bulkReadJob),
  bulkReadPoll: price(DEFAULT_PRICES.bulkReadPoll),
  bulkReadDownload: price(DEFAULT_PRICES.bulkReadDownload),
  bulkWriteJob: price(DEFAULT_PRICES.bulkWriteJob),
  bulkWriteUpload: price(DEFAULT_PRICES.bulkWriteUpload),
  bulkWritePoll: price(DEFAULT_PRICES.bulkWritePoll),
  bulkWriteDownload: price(DEFAULT_PRICES.bulkWriteDownload),
  createFields: price(DEFAULT_PRICES.createFields),
  notification: price(DEFAULT_PRICES.notification),
}) satisfies z.ZodType<CreditPrices>;
const EDIT_POLICIES = ['ours', 'theirs', 'report'] as const;
const OUR_KEYS = [...fieldsOfSet('essential'), ...fieldsOfSet('full')].map(({ key }) => key);

const NOTIFIED = ['Deals', 'Leads', 'Accounts', 'Contacts', 'Cases', 'Tasks', 'Calls', 'Events'] as const;

export const FieldsFile = z.strictObject({
  version: z.literal(1),
  language: z.enum(['en', 'nl', 'pl', 'da']).default('en'),
  mapping: MappingFile,
  stageHistory: z.enum(['auto', 'off']).default('auto'),
  notifications: z
    .strictObject({
      modules: z.array(z.enum(NOTIFIED)).default([...NOTIFIED]),
      activityMinutes: z.int().min(0).max(60).default(10),
      pollMinutes: z.int().min(5).max(60).default(30),
    })
    .prefault({}),
  materiality: z
    .strictObject({
      currencyPercent: percent.default(1),
      currencyUnits: z.number().nonnegative().default(1),
      gapDriftDays: days.prefault(7),
      churnRiskPoints: z.number().nonnegative().default(5),
      orderIntervalPercent: percent.default(20),
    })
    .prefault({}),
  writeBack: z
    .strictObject({
      bulk: z.enum(['off', 'cheaper']).default('off'),
      planDays: days.prefault(7),
      onEdit: z.enum(EDIT_POLICIES).default('ours'),
      onEditOf: z.partialRecord(z.enum(OUR_KEYS), z.enum(EDIT_POLICIES)).prefault({}),
    })
    .prefault({}),
  retention: z
    .strictObject({
      deliveries: days.prefault(30),
      undo: days.prefault(90),
      runs: days.prefault(365),
      scoreHistory: days.prefault(1_826),
      alerts: days.prefault(365),
      digests: days.prefault(365),
      audit: days.prefault(731),
      expired: days.prefault(7),
    })
    .prefault({}),
  credits: z
    .strictObject({
      ceilingPercent: percent.default(30),
      documentLines: z.int().nonnegative().default(500),
      stageHistory: z.int().nonnegative().default(100),
      prices: CreditPricesPart.prefault({}),
    })
    .prefault({}),
});
