import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aConnection } from '../store/builders.ts';
import { aWebWorld, type WebWorld } from '../support/web-world.ts';
import { aSeed } from './setup-world.ts';

/** The page on which a reader stops mails: no sign-in, and nothing happens by looking. */

describe('stopping mails', () => {
  let world: WebWorld;
  let connection: string;
  beforeAll(async () => {
    world = await aWebWorld(aSeed({}));
    connection = (await world.app.store.connections.create(aConnection({ name: 'north' }))).id;
    const reader = { address: 'ann@firm.test', language: 'en', alerts: true, digest: true } as const;
    await world.app.store.mailing.setRecipient(connection, reader);
  });
  afterAll(() => world.close());
  const stopped = async () => (await world.app.store.mailing.recipients(connection))[0]?.stopped;
  const pathOf = (kind: 'alerts' | 'digest') =>
    `/mail/stop/${world.app.store.mailing.optOutToken(connection, 'ann@firm.test', kind)}`;

  test('is asked first in the language of the browser, and only its button does it', async () => {
    const path = pathOf('digest');
    const dutch = { headers: { 'accept-language': 'nl' } };

    const asked = await world.browser().go(path, dutch);
    const before = await stopped();
    const done = await world.browser().go(path, { method: 'POST', ...dutch });

    expect(asked.status).toBe(200);
    const html = await asked.text();
    expect(html).toContain('U krijgt het weekoverzicht van ');
    expect(html).toContain(`<form method="post" action="${path}">`);
    expect(html).not.toContain('ann@firm.test');
    expect(asked.headers.get('cache-control')).toBe('no-store');
    expect(asked.headers.get('referrer-policy')).toBe('no-referrer');
    expect(before).toEqual([]);
    expect(done.status).toBe(200);
    expect(await done.text()).toContain('niet meer');
    expect(await stopped()).toEqual(['digest']);
    const [entry] = await world.app.store.audit.list({ connection, action: 'mail.stop' }, { limit: 1 });
    expect(entry).toMatchObject({ who: 'reader', after: { kind: 'digest' } });
  });

  test('is done by the one POST of a mail program', async () => {
    const form = { 'List-Unsubscribe': 'One-Click' };

    const done = await world.browser().go(pathOf('alerts'), { method: 'POST', form });

    expect(done.status).toBe(200);
    expect(done.headers.getSetCookie()).toEqual([]);
    expect(await stopped()).toEqual(['alerts', 'digest']);
  });

  test.each(['nonsense', 'v1.00000000.AAAA', '%00'])('%s stops nothing and says so', async (token) => {
    const looked = await world.browser().go(`/mail/stop/${token}`);
    const posted = await world.browser().go(`/mail/stop/${token}`, { method: 'POST' });

    expect([looked.status, posted.status]).toEqual([404, 404]);
    expect(await posted.text()).toContain('stops nothing');
  });
});
