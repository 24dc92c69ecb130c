import { z } from 'zod';
import { percent } from './settings-values.ts';

/** notify.yaml: when people and programs are told, and how. */

export const NotifyFile = z.strictObject({
  version: z.literal(1),
  alerts: z
    .strictObject({
      missedRuns: z.int().min(1).max(100).default(2),
      channelHours: z.int().min(1).max(160).default(6),
      creditsPercent: percent.default(90),
      refusedPercent: percent.default(5),
      refusedRows: z.int().min(1).default(20),
      unmatchedPercent: percent.default(10),
      timeDataDays: z.int().min(1).default(30),
      recoverMinutes: z.int().min(0).max(1440).default(30),
      recoverPercent: percent.default(80),
    })
    .prefault({}),
  events: z.strictObject({ allowPrivateAddresses: z.boolean().default(false) }).prefault({}),
  mail: z
    .strictObject({
      from: z.string().trim().min(3).nullable().default(null),
      bundleMinutes: z.int().min(0).max(1440).default(60),
      digestToOwners: z.boolean().default(false),
    })
    .prefault({}),
});
