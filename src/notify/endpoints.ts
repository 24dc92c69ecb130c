import type { EventRules } from '../alerts.ts';
import type { Clock } from '../clock.ts';
import type { Connection } from '../domain.ts';
import { ConflictError, InputError, NotFoundError } from '../errors.ts';
import type { Endpoint, OutEvent } from '../store/notify-stores.ts';
import type { Store } from '../store/store.ts';
import { requireEndpointUrl } from './endpoint-address.ts';
import { EVENT_TYPES } from './event-types.ts';
import { newSecret } from './send-events.ts';

/** What a person does with endpoints; the command line and the API both go through here. */

interface Deps {
  readonly store: Pick<Store, 'events' | 'alerts'>;
  readonly clock: Clock;
}

const MOST_ENDPOINTS = 20;
/** The former secret signs too for so long. */
const OVERLAP_MS = 24 * 3_600_000;

/** The secret is shown this once. Throws InputError on an address or a type that cannot be. */
export async function addEndpoint(
  { store, clock }: Deps,
  connection: Connection,
  input: { readonly url: string; readonly types: readonly string[]; readonly rules: EventRules },
): Promise<{ endpoint: Endpoint; secret: string }> {
  const url = requireEndpointUrl(input.url, input.rules.allowPrivateAddresses);
  const unknown = input.types.find((type) => type !== '*' && !EVENT_TYPES.some((one) => one === type));
  if (unknown !== undefined)
    throw new InputError(`there is no event ${unknown}; there are: *, ${EVENT_TYPES.join(', ')}`);
  if ((await store.events.endpoints(connection.id)).length >= MOST_ENDPOINTS)
    throw new ConflictError(`${connection.name} has ${MOST_ENDPOINTS} endpoints, and no more are served`);
  const secret = newSecret();
  const types = input.types.length === 0 ? ['*'] : [...new Set(input.types)];
  const endpoint = await store.events.addEndpoint(
    connection.id,
    { url: url.href, types, secret },
    clock.now(),
  );
  return { endpoint, secret };
}

export async function removeEndpoint(deps: Deps, connection: Connection, id: string): Promise<void> {
  if (!(await deps.store.events.removeEndpoint(connection.id, id))) throw absent(id);
  await closeWhenAllServe(deps, connection);
}

export async function enableEndpoint(deps: Deps, connection: Connection, id: string): Promise<void> {
  const { store, clock } = deps;
  if (!(await store.events.setEndpoint(connection.id, id, 'enabled', null, clock.now()))) throw absent(id);
  await closeWhenAllServe(deps, connection);
}

async function closeWhenAllServe({ store, clock }: Deps, connection: Connection): Promise<void> {
  const endpoints = await store.events.endpoints(connection.id);
  if (endpoints.every(({ state }) => state === 'enabled'))
    await store.alerts.close(connection.id, 'endpoint_disabled', clock.now());
}

/** The new secret, shown this once; the former one signs along for a day. */
export async function rotateEndpoint(
  { store, clock }: Deps,
  connection: Connection,
  id: string,
): Promise<{ secret: string; formerUntil: Date }> {
  const secret = newSecret();
  const formerUntil = new Date(clock.now().getTime() + OVERLAP_MS);
  if (!(await store.events.rotate(connection.id, id, secret, formerUntil))) throw absent(id);
  return { secret, formerUntil };
}

export async function testEndpoint(
  { store, clock }: Deps,
  connection: Connection,
  id: string,
): Promise<OutEvent> {
  const data = { connection: connection.id, endpoint: id };
  const event = { type: 'endpoint.test', recordId: null, data };
  const stored = await store.events.appendFor(connection.id, id, event, clock.now());
  if (!stored) throw absent(id);
  return stored;
}

function absent(id: string): NotFoundError {
  return new NotFoundError(`there is no endpoint ${id}; list them with: zcv events endpoints`);
}
