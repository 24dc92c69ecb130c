import { type PageId, pagePath } from '../../src/admin/shell/addresses.ts';
import { aBrowserWorld, type BrowserWorld, CONNECTION } from './browser-world.ts';

/** The sample firm some weeks on: every page of the admin pages has something to show. */

/** The apply of the first plan, of which Zoho refused some rows. */
const APPLY = '5';

export interface FilledWorld extends BrowserWorld {
  /** The address of a page, of one thing where it is about one. */
  pathOf(id: PageId): string;
}

export async function aFilledWorld(): Promise<FilledWorld> {
  const world = await aBrowserWorld({ hasFields: true });
  const { app, simulator } = world.web;
  simulator.control.addFaults({
    ...{ kind: 'half-failed', match: { method: 'PUT' }, every: 40, code: 'RECORD_LOCKED', times: 2 },
  });
  await world.work({ what: 'apply', plan: '1', fieldsOnly: false, canary: null });
  await world.work({ what: 'doctor' });
  const { id: connection } = await app.connection(CONNECTION);
  await fillWatch(world, connection);
  await fillAccess(world);
  const list = { filter: {}, order: 'value', descending: true, after: null, limit: 1 } as const;
  const [best] = (await app.store.customerList.page(connection, list)).items;
  const [lead] = await firstLead(world);
  const ids = { lead: lead?.id ?? '', customer: best?.key.id ?? '', plan: '1', run: APPLY };
  return { ...world, pathOf: (id) => pagePath(CONNECTION, id, ids) };
}

async function firstLead({ web }: BrowserWorld): Promise<readonly { readonly id: string }[]> {
  const ann = await web.signedIn('ann');
  const answer = await ann.go(`/api/v1/connections/${CONNECTION}/leads?state=open&limit=1`);
  return ((await answer.json()) as { items: { id: string }[] }).items; // as the route declares it
}

/** Something to mend, and rules that were changed and not yet put in force. */
async function fillWatch({ web }: BrowserWorld, connection: string): Promise<void> {
  const at = new Date();
  const drift = { code: 'schema_drift', severity: 'warning', message: 'drift' } as const;
  await web.app.store.alerts.raise(connection, { ...drift, params: { fields: ['Deals.amount'] } }, at);
  const aside = [{ module: 'Deals', recordId: '77', reason: 'no stage' }] as const;
  await web.app.store.quarantine.add(connection, aside, at);
  const ann = await web.signedIn('ann');
  const set = { 'scoring.tiers.topPercent': 12 };
  await expectDone(ann.write('PATCH', `/connections/${CONNECTION}/settings/draft`, { set, note: 'a try' }));
}

/** A viewer, an invitation, a token, a visit, mail and events. */
async function fillAccess({ web }: BrowserWorld): Promise<void> {
  const ann = await web.signedIn('ann');
  const at = `/connections/${CONNECTION}`;
  await expectDone(ann.write('POST', `${at}/invitations`, { email: 'bob@office.test' }));
  await web.signedIn('bob');
  await expectDone(ann.write('POST', `${at}/invitations`, { email: 'carla@office.test', role: 'admin' }));
  await expectDone(ann.write('POST', `${at}/tokens`, { name: 'Monthly report', days: 180 }));
  const mail = { address: 'ops@office.test', language: 'en', alerts: true, digest: true };
  await expectDone(ann.write('POST', `${at}/mail-recipients`, mail));
  await expectDone(ann.write('POST', `${at}/event-endpoints`, { url: 'https://hooks.office.test/in' }));
  const operator = await web.operator();
  await expectDone(
    operator.write('POST', `${at}/support-visits`, { reason: 'Ticket 4711: who is Top and why' }),
  );
}

async function expectDone(asked: Promise<Response>): Promise<void> {
  const answer = await asked;
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${await answer.text()}`);
}
