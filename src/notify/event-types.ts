import { z } from 'zod';
import { ALERT_CODES, SEVERITIES } from '../alerts.ts';

/** What programs are sent: ids and codes, no names, no money, no addresses. docs/events.md shows an example of each. */

const tier = z.enum(['top', 'good', 'marginal', 'loss_making', 'none']);
const phase = z.enum(['prospect', 'new', 'established', 'loyal', 'leaving', 'lost', 'win_back']);
const day = z.iso.date();
const instant = z.iso.datetime();
const connection = z.string();
const customer = z.object({ module: z.enum(['Accounts', 'Contacts']), id: z.string() });
const shown = z.object({ tier, gold: z.boolean() });
const param = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);
const alert = z.object({
  connection,
  alert: z.object({
    id: z.string(),
    code: z.enum(ALERT_CODES),
    severity: z.enum(SEVERITIES),
    openedAt: instant,
    recoveredAt: instant.nullable(),
    params: z.record(z.string(), param),
  }),
});

/** `data` of each type. */
export const EVENT_DATA = {
  'customer.tier_changed': z.object({ connection, customer, asOf: day, from: shown, to: shown }),
  'customer.phase_changed': z.object({ connection, customer, asOf: day, from: phase, to: phase }),
  'customer.first_scored': z.object({ connection, customer, asOf: day, tier, gold: z.boolean(), phase }),
  'alert.opened': alert,
  'alert.worsened': alert,
  'alert.recovered': alert,
  'plan.held': z.object({ connection, planId: z.string(), reason: z.string() }),
  'run.finished': z.object({
    connection,
    run: z.object({ id: z.string(), kind: z.string(), state: z.enum(['done', 'partial', 'failed']) }),
  }),
  'endpoint.test': z.object({ connection, endpoint: z.string() }),
} as const;
export type EventType = keyof typeof EVENT_DATA;
export const EVENT_TYPES = Object.keys(EVENT_DATA) as EventType[]; // Object.keys forgets the keys of a constant

export const VERSION = 1;
/** The body of a delivery. */
export const EventBody = z.object({
  version: z.literal(VERSION),
  type: z.string(),
  timestamp: instant,
  /** Rises with every event: a later one of the same customer has the higher number, in whatever order they come. */
  sequence: z.number(),
  data: z.unknown(),
});
