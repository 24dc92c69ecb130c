import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ALERT_CODES, SEVERITIES } from '../../../src/alerts.ts';
import { EVENT_DATA, EVENT_TYPES, EventBody } from '../../../src/notify/event-types.ts';
import { newSecret, signedMessage, waitAfter } from '../../../src/notify/send-events.ts';
import { refusalPolicy } from '../../../src/plan/refusal-policy.ts';
import { NotifyFile } from '../../../src/settings-notify.ts';
import { ALERTS_EN } from '../../../src/texts/alert-words.ts';

/** docs/alerts.md and docs/events.md say what the code does. */

const alerts = readFileSync('docs/alerts.md', 'utf8');
const events = readFileSync('docs/events.md', 'utf8');

/** Level-three sections by the code in their heading. */
function sectionsOf(text: string): Map<string, string> {
  const parts = text.split(/^#{2,3} /m).slice(1);
  return new Map(
    parts.flatMap((part) => {
      const code = /^`([^`]+)`/.exec(part)?.[1];
      return code === undefined ? [] : [[code, part] as const];
    }),
  );
}
function blockOf(section: string, language: string): string {
  return new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(section)?.[1] ?? '';
}

describe('docs/alerts.md', () => {
  const sections = sectionsOf(alerts);
  const rowOf = (code: string, name: string) =>
    new RegExp(`^\\| ${name} \\| (.+) \\|$`, 'm').exec(sections.get(code) ?? '')?.[1] ?? '';
  const shown = (template: string) => template.replace(/\{(\w+):\w+\}/g, '{$1}');

  test('has every alert there is, in the order of the code, and no other', () => {
    expect([...sections.keys()]).toEqual([...ALERT_CODES]);
  });

  test.each(ALERT_CODES)('%s: says what people read, who acts, and when it is over', (code) => {
    const { title, todo } = ALERTS_EN.alerts[code];

    expect(rowOf(code, 'Says')).toBe(shown(title));
    expect(rowOf(code, 'To do')).toBe(shown(todo));
    expect(SEVERITIES).toContain(/^\w+/.exec(rowOf(code, 'Severity'))?.[0]);
    for (const name of ['Cause', 'Who acts', 'Over', 'More']) expect(rowOf(code, name)).not.toBe('');
  });

  test('every setting that it names is one of notify.yaml, and every limit there is named', () => {
    const rules = NotifyFile.parse({ version: 1 });
    const known = Object.entries(rules).flatMap(([part, keys]) =>
      Object.keys(keys).map((key) => `${part}.${key}`),
    );
    const named = [...alerts.matchAll(/`((?:alerts|mail|events)\.[a-zA-Z]+)`/g)].map(([, key = '']) => key);
    // Types of events are written alike.
    const settings = named.filter((key) => !EVENT_TYPES.some((type) => type === key));

    expect(settings.filter((key) => !known.includes(key))).toEqual([]);
    expect(Object.keys(rules.alerts).filter((key) => !settings.includes(`alerts.${key}`))).toEqual([]);
  });

  test('its severities are those with which the code raises each, the worse one after a comma', () => {
    const sources = [
      'src/notify/alert-causes.ts',
      ...readdirSync('src/jobs').map((name) => `src/jobs/${name}`),
    ];
    const code = sources.map((file) => readFileSync(file, 'utf8')).join('\n');
    const raised = new Map<string, Set<string>>();
    for (const [, alert = '', severity = ''] of code.matchAll(/bad\('([a-z_]+)', '([a-z]+)'/g))
      raised.set(alert, (raised.get(alert) ?? new Set()).add(severity));

    expect(raised.size).toBeGreaterThan(12);
    for (const [alert, severities] of raised) {
      const told = [...rowOf(alert, 'Severity').matchAll(/info|warning|critical/g)].map(([word]) => word);
      expect([alert, told.toSorted()]).toEqual([alert, [...severities].toSorted()]);
    }
  });

  test("Zoho's codes have the repair that doctor tells", () => {
    const rows = [...alerts.matchAll(/^\| `([A-Z_]+)` \| (.+?) \| (.+) \|$/gm)];
    const again = {
      ...{ next_run: 'by every run', later: 'by itself, ever more seldom' },
      ...{ new_value: 'new value', by_hand: 'by `zcv retry-failed RUN`' },
    };

    expect(rows.length).toBeGreaterThan(12);
    for (const [, code = '', repair, when] of rows) {
      const policy = refusalPolicy(code);
      expect([code, repair, when]).toEqual([code, policy.repair, again[policy.retry]]);
    }
  });
});

describe('docs/events.md', () => {
  const sections = sectionsOf(events);

  test('has every type of event there is, and no other', () => {
    expect([...sections.keys()]).toEqual(EVENT_TYPES);
  });

  test.each(EVENT_TYPES)('%s: its example is what the code sends', (type) => {
    const body = EventBody.parse(JSON.parse(blockOf(sections.get(type) ?? '', 'json')));

    expect(body.type).toBe(type);
    // Strict: an example shows nothing that is not sent.
    const schema: z.ZodObject = EVENT_DATA[type];
    expect(z.strictObject(schema.shape).parse(body.data)).toEqual(body.data);
  });

  test('the waits between attempts are those of the code', () => {
    const line = /^ {4}(5 s, .+)$/m.exec(events)?.[1] ?? '';
    const units: Record<string, number> = { s: 1_000, min: 60_000, h: 3_600_000 };
    const told = line.split(', ').map((wait) => {
      const [count = '', unit = ''] = wait.split(' ');
      return Number(count) * (units[unit] ?? Number.NaN);
    });

    expect(told).toHaveLength(10);
    expect(told).toEqual(told.map((_, index) => waitAfter(index + 1, 0.5)));
    expect(waitAfter(told.length + 1, 0.5)).toBeNull();
  });

  describe('the sample that checks signatures', () => {
    const folder = mkdtempSync(join(tmpdir(), 'zcv-sample-'));
    type IsGenuine = (headers: object, body: string, secret: string, now?: number) => boolean;
    let isGenuine: IsGenuine;
    beforeAll(async () => {
      const file = join(folder, 'receiver.mjs');
      writeFileSync(file, blockOf(events.slice(events.indexOf('## Check the signature')), 'js'));
      ({ isGenuine } = (await import(pathToFileURL(file).href)) as { isGenuine: IsGenuine });
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    const [secret, former, foreign] = [newSecret(), newSecret(), newSecret()];
    const now = new Date('2026-03-01T10:00:00Z');
    const seconds = now.getTime() / 1_000;
    const event = {
      ...{ sequence: 1, eventId: 'msg_1', connection: 'c', at: now, recordId: null },
      ...{ type: 'plan.held', data: { planId: '7', name: 'Łódź' } },
    };
    const { headers, body } = signedMessage({ event }, [secret, former], now);

    test('takes what we sign, with the new secret and with the former', () => {
      expect(isGenuine(headers, body, secret, seconds)).toBe(true);
      expect(isGenuine(headers, body, former, seconds + 299)).toBe(true);
    });

    test.each<[string, object, string, string, number]>([
      ['another secret', headers, body, foreign, seconds],
      ['a changed body', headers, body.replace('7', '8'), secret, seconds],
      ['another id', { ...headers, 'webhook-id': 'msg_2' }, body, secret, seconds],
      ['an old one', headers, body, secret, seconds + 301],
      ['no time', { ...headers, 'webhook-timestamp': 'soon' }, body, secret, seconds],
      ['no signature', { ...headers, 'webhook-signature': '' }, body, secret, seconds],
      ['nothing at all', {}, body, secret, seconds],
    ])('refuses %s', (_what, given, text, key, at) => {
      expect(isGenuine(given, text, key, at)).toBe(false);
    });
  });
});
