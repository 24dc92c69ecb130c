import { z } from 'zod';
import { ALERT_CODES, SEVERITIES } from '../../alerts.ts';
import type { Connection } from '../../domain.ts';
import { NotFoundError } from '../../errors.ts';
import type { Alert } from '../../store/safety-stores.ts';
import { alertText } from '../../texts/alerts.ts';
import type { Format } from '../../texts/format.ts';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { Flag, Instant, Lang } from '../api-schemas.ts';

/** What is wrong with a connection, in words; who is at work on it; what nobody wants to hear of. */

const tag = 'Alerts';
const Code = z.enum(ALERT_CODES);
const ShownAlert = z.strictObject({
  code: Code,
  severity: z.enum(SEVERITIES),
  title: z.string(),
  todo: z.string().meta({ description: 'What to do' }),
  openedAt: Instant,
  closedAt: Instant.nullable(),
  occurrences: z.int(),
  acknowledged: z.strictObject({ by: z.string(), at: Instant }).nullable(),
  mutedUntil: Instant.nullable(),
});
const OfAlert = z.strictObject({ alert: Code });
const MOST = 200;
const DAY_MS = 86_400_000;

function shown(alert: Alert, connection: Connection, format: Format) {
  const { code, severity, openedAt, closedAt, occurrences, acknowledged, mutedUntil } = alert;
  const names = { connection: connection.name, org: connection.org.name };
  return {
    ...{ code, severity, ...alertText(alert, names, format) },
    openedAt: openedAt.toISOString(),
    closedAt: closedAt?.toISOString() ?? null,
    occurrences,
    acknowledged: acknowledged && { by: acknowledged.by, at: acknowledged.at.toISOString() },
    mutedUntil: mutedUntil?.toISOString() ?? null,
  };
}

export function alertRoutes({
  store,
  clock,
  settingsOf,
}: Pick<ApiDeps, 'store' | 'clock' | 'settingsOf'>): ApiRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/alerts',
      summary: 'What is wrong now and what to do; with `past` the closed ones too, newest first',
      tag,
      query: z.strictObject({
        past: Flag,
        lang: Lang,
        limit: z.coerce.number().int().min(1).max(MOST).default(50),
      }),
      answer: z.strictObject({ items: z.array(ShownAlert) }),
      async handle({ connection, query: { past, lang, limit } }) {
        const language = lang ?? (await settingsOf(connection)).plan.language;
        const format = { language, currency: connection.org.currency };
        const found = past
          ? await store.alerts.list(connection.id, limit)
          : await store.alerts.open(connection.id);
        return { items: found.slice(0, limit).map((alert) => shown(alert, connection, format)) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/alerts/{alert}/ack',
      action: 'alert.ack',
      summary: 'Say that somebody is at work on an open alert',
      tag,
      params: OfAlert,
      answer: z.strictObject({ code: Code, acknowledged: z.boolean() }),
      async handle({ connection, params: { alert: code }, principal, note }) {
        const by = `${principal.kind}:${principal.id}`;
        if (!(await store.alerts.acknowledge(connection.id, code, by, clock.now())))
          throw new NotFoundError(`no alert ${code} is open`);
        note({ target: code });
        return { code, acknowledged: true };
      },
    }),
    defineRoute({
      method: 'PUT',
      path: '/connections/{connection}/alerts/{alert}/mute',
      action: 'alert.mute',
      summary: 'Tell nobody of it for some days, neither by mail nor by event',
      tag,
      params: OfAlert,
      body: z.strictObject({ days: z.int().min(1).max(999).default(7) }).meta({ example: { days: 7 } }),
      answer: z.strictObject({ code: Code, mutedUntil: Instant }),
      async handle({ connection, params: { alert: code }, body, principal, note }) {
        const until = new Date(clock.now().getTime() + body.days * DAY_MS);
        await store.alerts.mute(connection.id, code, { until, by: `${principal.kind}:${principal.id}` });
        const mutedUntil = until.toISOString();
        note({ target: code, after: { mutedUntil } });
        return { code, mutedUntil };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/connections/{connection}/alerts/{alert}/mute',
      action: 'alert.unmute',
      summary: 'Tell of it again, also of what opened meanwhile',
      tag,
      params: OfAlert,
      answer: z.strictObject({ code: Code, told: z.int() }),
      async handle({ connection, params: { alert: code }, note }) {
        await store.alerts.mute(connection.id, code, null);
        const told = await store.alerts.tellUntold(connection.id, clock.now());
        note({ target: code, after: { told } });
        return { code, told };
      },
    }),
  ];
}
