import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Connection } from '../domain.ts';
import { ConflictError, InputError, NotFoundError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { secretHashOf } from './channel-rows.ts';

/** Webhooks that an administrator enters in a workflow rule of Zoho. Their secrets are shown once and stored as hashes. */

interface Deps {
  readonly store: Pick<Store, 'workflowHooks'>;
  readonly clock: Clock;
}
export interface HookSecrets {
  readonly name: string;
  /** To be entered in Zoho; not shown again. */
  readonly path: string;
  readonly header: string;
}

const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

function secrets() {
  const [path, header] = [32, 32].map((bytes) => randomBytes(bytes).toString('base64url'));
  if (path === undefined || header === undefined) throw new Error('two secrets were made');
  return {
    path: `/hooks/workflow/${path}`,
    header,
    secretHash: secretHashOf(path),
    headerHash: secretHashOf(header),
  };
}

export async function createWorkflowHook(
  { store, clock }: Deps,
  { id }: Connection,
  name: string,
): Promise<HookSecrets> {
  if (!NAME.test(name)) throw new InputError('a name is up to 40 of a-z, 0-9 and -, e.g. won-deals');
  const { path, header, secretHash, headerHash } = secrets();
  const row = {
    connection: id,
    name,
    secretHash,
    headerHash,
    createdAt: clock.now(),
    rotatedAt: null,
    heardAt: null,
  };
  if (!(await store.workflowHooks.add(row)))
    throw new ConflictError(
      `there is a webhook ${name} already; give it new secrets with: zcv webhook workflow rotate ${name}`,
    );
  return { name, path, header };
}

/** The old secrets end at once. */
export async function rotateWorkflowHook(
  { store, clock }: Deps,
  { id }: Connection,
  name: string,
): Promise<HookSecrets> {
  const { path, header, secretHash, headerHash } = secrets();
  const isKnown = await store.workflowHooks.rotate(id, name, { secretHash, headerHash, at: clock.now() });
  if (!isKnown) throw noSuchHook(name);
  return { name, path, header };
}

export async function removeWorkflowHook({ store }: Deps, { id }: Connection, name: string): Promise<void> {
  if (!(await store.workflowHooks.remove(id, name))) throw noSuchHook(name);
}

function noSuchHook(name: string): NotFoundError {
  return new NotFoundError(`there is no webhook ${name}; list them with: zcv webhook workflow list`);
}
