import { z } from 'zod';
import { NotFoundError } from '../../errors.ts';
import { addRecipient, removeRecipient } from '../../notify/recipients.ts';
import type { KnownRecipient } from '../../store/notify-stores.ts';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { Instant, Lang } from '../api-schemas.ts';

/** Who gets alerts and the digest of the week by mail. Addresses stand in bodies alone: paths and the audit log name ids. */

const tag = 'Mail';
const Kind = z.enum(['alerts', 'digest']);
const Shown = z.strictObject({
  id: z.string(),
  address: z.string(),
  language: z.string(),
  alerts: z.boolean(),
  digest: z.boolean(),
  stopped: z.array(Kind).meta({ description: 'What the reader asked not to get any more' }),
});
const SINCE_MS = 7 * 86_400_000;

function shown({ stopped, ...recipient }: KnownRecipient) {
  return { ...recipient, stopped: [...stopped] };
}

type Deps = Pick<ApiDeps, 'store' | 'clock' | 'settingsOf'>;

export function mailRoutes(deps: Deps): ApiRoute[] {
  const { store, clock, settingsOf } = deps;
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/mail-recipients',
      summary: 'Who gets alerts and the digest by mail, and what became of messages',
      tag,
      access: 'admin',
      answer: z.strictObject({
        items: z.array(Shown),
        messages: z.strictObject({
          waiting: z.int(),
          failed: z.int().meta({ description: 'In the last 7 days' }),
          sentAt: Instant.nullable(),
          lastError: z.string().nullable(),
        }),
      }),
      async handle({ connection }) {
        const since = new Date(clock.now().getTime() - SINCE_MS);
        const { sentAt, ...counts } = await store.mailing.summary(connection.id, since);
        return {
          items: (await store.mailing.recipients(connection.id)).map(shown),
          messages: { ...counts, sentAt: sentAt?.toISOString() ?? null },
        };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/mail-recipients',
      action: 'mail.recipient_add',
      summary: 'Send alerts and the digest of the week to an address, or change what it gets',
      description: 'Whoever had asked for no more mail gets it again.',
      tag,
      status: 201,
      body: z
        .strictObject({
          address: z.email().max(254),
          language: Lang.meta({ description: 'Default: the language of the connection' }),
          alerts: z.boolean().default(true),
          digest: z.boolean().default(true),
        })
        .meta({ example: { address: 'ann@firm.test', language: 'nl', digest: false } }),
      answer: Shown,
      async handle({ connection, body, note }) {
        const language = body.language ?? (await settingsOf(connection)).plan.language;
        await addRecipient(deps, connection, { ...body, language });
        const known = await store.mailing.recipients(connection.id);
        const added = known.find(({ address }) => address === body.address);
        if (!added) throw new NotFoundError('the recipient was removed meanwhile');
        const { alerts, digest } = added;
        note({ target: `recipient ${added.id}`, after: { language, alerts, digest } });
        return shown(added);
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/connections/{connection}/mail-recipients/{recipient}',
      action: 'mail.recipient_remove',
      summary: 'Send it nothing more, nor what still waits',
      tag,
      params: z.strictObject({ recipient: z.string().max(64) }),
      answer: z.strictObject({ removed: z.string() }),
      async handle({ connection, params: { recipient }, note }) {
        const known = await store.mailing.recipients(connection.id);
        const found = known.find(({ id }) => id === recipient);
        if (!found) throw new NotFoundError(`there is no recipient ${recipient}`);
        note({ target: `recipient ${recipient}` });
        await removeRecipient(deps, connection, found.address);
        return { removed: recipient };
      },
    }),
  ];
}
