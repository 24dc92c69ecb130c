import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { InputError, NotFoundError, SignatureError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { DeliveryBody, WorkflowHook } from '../store/webhook-stores.ts';
import type { DeliveryBuffer } from './delivery-buffer.ts';

/** A webhook that an administrator made in a workflow rule: two secrets → verified → stored. */

export interface WorkflowDeps {
  readonly store: { readonly workflowHooks: Pick<Store['workflowHooks'], 'bySecretHash' | 'heard'> };
  readonly buffer: DeliveryBuffer;
  readonly clock: Clock;
}
export interface WorkflowReceiver {
  /** Throws NotFoundError on a wrong path secret, SignatureError on a wrong header. */
  hookOf(pathSecret: string, headerSecret: string | undefined): Promise<WorkflowHook>;
  /** Throws InputError on a body that names no module and record. */
  receive(
    hook: WorkflowHook,
    raw: Buffer,
    contentType: string,
    query: unknown,
  ): Promise<'stored' | 'accepted' | 'refused'>;
}

const SECRET = /^[\w-]{43}$/;
const ANSWER_WITHIN_MS = 70;
const MOST_IDS = 100;

const ids = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => [given].flat().flatMap((text) => text.split(/[\s,;]+/).filter(Boolean)))
  .pipe(
    z
      .array(z.string().regex(/^\d{5,20}$/))
      .min(1)
      .max(MOST_IDS),
  );
// What docs/webhooks.md has an administrator enter. Other keys are theirs, and pass.
const Workflow = z
  .object({ module: z.string().min(1).max(100), id: ids.optional(), ids: ids.optional() })
  .extend({ operation: z.enum(['insert', 'update', 'delete']).catch('update').default('update') })
  .transform(({ module, operation, ...named }, context): DeliveryBody => {
    const all = named.id ?? named.ids;
    if (all === undefined) context.addIssue({ code: 'custom', message: 'missing', path: ['id'] });
    return { module, operation, ids: [...new Set(all)] };
  });

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

export function createWorkflowReceiver(deps: WorkflowDeps): WorkflowReceiver {
  return {
    async hookOf(pathSecret, headerSecret) {
      const notFound = new NotFoundError('there is nothing here');
      if (!SECRET.test(pathSecret)) throw notFound;
      const hook = await deps.store.workflowHooks.bySecretHash(digest(pathSecret).toString('hex'));
      if (!hook) throw notFound;
      if (!timingSafeEqual(digest(headerSecret ?? ''), Buffer.from(hook.headerHash, 'hex'))) {
        throw new SignatureError('the webhook does not carry the secret of its header');
      }
      return hook;
    },
    async receive(hook, raw, contentType, query) {
      const body = parseWorkflow(await fieldsIn(raw, contentType), query);
      const answered = new AbortController();
      const accepted = () => 'accepted' as const;
      // Such a body says nothing of when: each call is news, and calls of one window are read once.
      const key = digest(`workflow/${hook.connection}/${randomUUID()}`).toString('hex');
      const { connection, name } = hook;
      const outcome = await Promise.race([
        deps.buffer.add({ key, body, connection, channelId: `workflow:${name}` }),
        deps.clock.sleep(ANSWER_WITHIN_MS, answered.signal).then(accepted, accepted),
      ]);
      answered.abort();
      if (outcome === 'stored') await deps.store.workflowHooks.heard(connection, name, deps.clock.now());
      return outcome;
    },
  };
}

/** Parameters of a form, of either kind, or the keys of a JSON object. */
async function fieldsIn(raw: Buffer, contentType: string): Promise<unknown> {
  if (raw.length === 0) return {};
  try {
    if (/^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(contentType)) {
      const headers = { 'content-type': contentType };
      return Object.fromEntries(await new Response(Uint8Array.from(raw), { headers }).formData());
    }
    return JSON.parse(raw.toString('utf8'));
  } catch (cause) {
    throw new InputError('the webhook is neither a form nor JSON: see docs/webhooks.md for what to enter', {
      cause,
    });
  }
}

/** What is entered as parameters of the URL counts as well. */
function parseWorkflow(fields: unknown, query: unknown): DeliveryBody {
  const all = z.record(z.string(), z.unknown()).catch({});
  const parsed = Workflow.safeParse({ ...all.parse(query), ...all.parse(fields) });
  if (parsed.success) return parsed.data;
  const paths = parsed.error.issues.map((issue) => issue.path.join('.') || 'body');
  throw new InputError(
    `the webhook names no module and record (${[...new Set(paths)].join(', ')}): see docs/webhooks.md for what to enter`,
  );
}
