import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { aConnection } from '../store/builders.ts';
import { aWebWorld, type Browser, type WebWorld } from '../support/web-world.ts';
import { aSeed } from './setup-world.ts';

/** An operator opens a connection to help its people: what the session sees then, for how long, and who knows of it. */

const MINUTE_MS = 60_000;
const REASON = 'ticket 4711: no reminders since Monday';

let world: WebWorld;
let mine: string;
beforeAll(async () => {
  world = await aWebWorld(aSeed({}));
  const { connection } = await world.app.connect({
    name: 'mine',
    refreshToken: world.simulator.refreshToken,
  });
  mine = connection.id;
  const other = aConnection({ name: 'theirs' });
  await world.app.store.connections.create({ ...other, org: { ...other.org, id: 'another-org' } });
});
afterAll(() => world.close());
beforeEach(() => world.freshCodes());

const begin = (browser: Browser, minutes = 30) =>
  browser.write('POST', '/connections/mine/support-visits', { reason: REASON, minutes });
const statuses = async (browser: Browser) => ({
  mine: (await browser.go('/api/v1/connections/mine')).status,
  theirs: (await browser.go('/api/v1/connections/theirs')).status,
  fleet: (await browser.go('/api/v1/fleet')).status,
  write: (await browser.write('PUT', '/connections/mine/mode', { mode: 'manual' })).status,
});
async function visitOf(browser: Browser) {
  const answer = await browser.go('/api/v1/me');
  // What the contract says of it.
  return ((await answer.json()) as { visit: { connection: string; isOver: boolean; reason: string } | null })
    .visit;
}
async function visitsSeenBy(browser: Browser) {
  const answer = await browser.go('/api/v1/connections/mine/support-visits');
  // As above.
  return ((await answer.json()) as { items: { id: string; by: string; reason: string; isOpen: boolean }[] })
    .items;
}

test('a visit sees one connection, writes nothing, and its people see who looks and why', async () => {
  const [operator, ann] = [await world.operator(), await world.signedIn('ann')];
  const before = await statuses(operator);

  const begun = await begin(operator);

  expect(before).toEqual({ mine: 200, theirs: 200, fleet: 200, write: 200 });
  expect(begun.status).toBe(201);
  expect(await statuses(operator)).toEqual({ mine: 200, theirs: 404, fleet: 403, write: 403 });
  expect(await visitOf(operator)).toMatchObject({ connection: 'mine', reason: REASON, isOver: false });
  expect(await visitsSeenBy(ann)).toMatchObject([{ by: 'ops', reason: REASON, isOpen: true }]);
  const log = await world.app.store.audit.list({ connection: mine, action: 'support.begin' }, { limit: 5 });
  expect(log).toMatchObject([{ who: 'operator:ops', after: { reason: REASON } }]);

  const left = await operator.write('DELETE', '/me/support-visit');
  expect(left.status).toBe(200);
  expect(await visitOf(operator)).toBeNull();
  expect(await statuses(operator)).toEqual(before);
  expect(await visitsSeenBy(ann)).toMatchObject([{ isOpen: false }]);
  const ended = await world.app.store.audit.list({ connection: mine, action: 'support.end' }, { limit: 5 });
  expect(ended).toHaveLength(1);
});

test('when its time is up it sees nothing, and is no operator again until it is left', async () => {
  const operator = await world.operator();
  await begin(operator, 10);
  world.later(11 * MINUTE_MS);

  expect(await statuses(operator)).toEqual({ mine: 404, theirs: 404, fleet: 403, write: 404 });
  expect(await visitOf(operator)).toMatchObject({ isOver: true });
  expect((await operator.write('DELETE', '/me/support-visit')).status).toBe(200);
  expect((await operator.go('/api/v1/fleet')).status).toBe(200);
});

test('an administrator of the org ends it at once', async () => {
  const [operator, ann] = [await world.operator(), await world.signedIn('ann')];
  await begin(operator);
  const open = (await visitsSeenBy(ann)).find(({ isOpen }) => isOpen);

  const ended = await ann.write('POST', `/connections/mine/support-visits/${open?.id}/end`);
  const again = await ann.write('POST', `/connections/mine/support-visits/${open?.id}/end`);

  expect([ended.status, again.status]).toEqual([200, 404]);
  expect((await operator.go('/api/v1/connections/mine')).status).toBe(404);
  expect((await visitsSeenBy(ann)).some(({ isOpen }) => isOpen)).toBe(false);
});

test('nobody but the session of an operator begins one, and not without a reason', async () => {
  const [operator, ann] = [await world.operator(), await world.signedIn('ann')];
  const { secret } = await world.app.store.apiTokens.create({
    ...{ name: 'monitor', scope: 'write', connections: 'fleet', createdBy: 'operator:ops' },
    ...{ at: new Date(), expiresAt: new Date('2100-01-01T00:00:00Z') },
  });
  const body = { reason: REASON };

  const byToken = await world.bearer(secret).write('POST', '/connections/mine/support-visits', body);
  const byAnn = await begin(ann);
  const unreasoned = await operator.write('POST', '/connections/mine/support-visits', { reason: '  ' });
  const onNone = await operator.write('DELETE', '/me/support-visit');

  expect([byToken.status, byAnn.status, unreasoned.status, onNone.status]).toEqual([403, 403, 400, 409]);
  expect((await operator.go('/api/v1/fleet')).status).toBe(200);
});
