import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CUSTOMER_FACTS, LEAD_FACTS } from '../../src/plan/playbook-facts.ts';
import { readSettings } from '../../src/settings.ts';
import { TASK_VARIABLES } from '../../src/texts/task-text.ts';
import { SHIPPED_RULES } from './plan/builders.ts';

function read(playbook: string) {
  const dir = mkdtempSync(join(tmpdir(), 'zcv-playbook-'));
  writeFileSync(join(dir, 'playbook.yaml'), `version: 1\n${playbook}`);
  const problems: string[] = [];
  const { settings } = readSettings(dir, problems, 'config');
  return { problems: problems.join('\n'), rules: settings?.plan.playbook ?? [] };
}
const aRule = (lines: string): string =>
  `rules:\n  - id: own\n    task: { subject: "Call {name}", body: "Ask" }\n    when: { facts: { contactDue: true } }\n${lines}`;

describe('rules of a firm’s own', () => {
  test('take the place of those that are shipped, with every part that may be left out', () => {
    const { problems, rules } = read(aRule(''));

    expect(problems).toBe('');
    expect(rules).toMatchObject([
      {
        ...{ id: 'own', enabled: true, for: 'customers', owner: 'record', priority: 'by_tier' },
        due: { workingDays: 'by_tier' },
        task: { subject: { en: 'Call {name}', pl: 'Call {name}' } },
      },
    ]);
  });

  test('left out are those that are shipped', () => {
    expect(read('reminders: { perOwnerAndDay: 3 }\n').rules).toEqual(SHIPPED_RULES);
    expect(read('rules: []\n').rules).toEqual([]);
  });

  const whole = (parts: Record<string, string>): string => {
    const all = { id: 'own', when: '{}', task: '{ subject: "Call {name}", body: "Ask" }', ...parts };
    return `rules:\n  - ${Object.entries(all)
      .map(([key, value]) => `${key}: ${value}`)
      .join('\n    ')}\n`;
  };
  test.each([
    [{ task: '{ subject: "Call {nmae}", body: "Ask" }' }, 'unknown variable {nmae}; did you mean name?'],
    [{ when: '{ facts: { contactDeu: true } }' }, 'rules.0.when.facts.contactDeu; did you mean contactDue?'],
    [{ when: '{ phase: [leavin] }' }, 'did you mean leaving?'],
    [{ when: '{ reasons: [signal.notise] }' }, 'no such code; did you mean signal.notice?'],
    [{ when: '{ facts: { lastContact: { notSince: phaseSnce } } }' }, 'did you mean phaseSince?'],
    [{ when: '{ facts: { lastContact: {} } }' }, 'say where the day lies'],
    [{ when: '{ facts: { purchases: {} } }' }, 'give min, max or both'],
    [{ per: 'purchases' }, 'purchases is no fact that is a day'],
    [{ for: 'leads', when: '{ tier: [top] }' }, 'rules.0.when.tier: leads have none'],
    [{ for: 'leads', when: '{ facts: { purchases: { min: 1 } } }' }, 'leads have no such fact'],
    [{ id: 'a'.repeat(33) }, 'rules.0.id'],
    [{ id: 'Own' }, 'small letters'],
    [{ coolDwn: '3d' }, 'unknown key rules.0.coolDwn; did you mean coolDown?'],
    [{ owner: 'somebody' }, 'rules.0.owner'],
    [{ title: '"Call {name}"' }, 'rules.0.title.en: a title has no variables'],
  ])('%j is refused', (parts, problem) => {
    expect(read(whole(parts as Record<string, string>)).problems).toContain(problem);
  });

  test('a title in one language is that of all; without one there is none', () => {
    const titled = read(whole({ title: '{ nl: Bellen }' }));

    expect(titled.rules[0]?.title).toEqual({ en: 'Bellen', nl: 'Bellen', pl: 'Bellen', da: 'Bellen' });
    expect(read(whole({})).rules[0]).not.toHaveProperty('title');
  });

  test('the same id twice is refused', () => {
    expect(read(`${whole({})}${whole({}).replace('rules:\n', '')}`).problems).toContain('own is there twice');
  });
});

test('each of the nineteen shipped rules has a title of its own in four languages', () => {
  // The parser fills a language that lacks from another: the file itself is asked.
  const { rules }: { rules: { title: Record<string, string> }[] } = parse(
    readFileSync('config/playbook.yaml', 'utf8'),
  );

  expect(rules).toHaveLength(19);
  for (const language of ['en', 'nl', 'pl', 'da']) {
    const titles = rules.map(({ title }) => title[language]).filter((title) => title !== undefined);
    expect(new Set(titles).size, language).toBe(19);
  }
});

test('docs/playbook.md names every fact, variable and rule, and no others', () => {
  const page = readFileSync('docs/playbook.md', 'utf8');
  const listed = (from: string, to: string) =>
    [...page.slice(page.indexOf(from), page.indexOf(to)).matchAll(/`(\w+)`/g)].map(([, name]) => name);
  const facts = listed('| yes or no |', '`within` looks back').filter(
    (name) => !/^(true|false)$/.test(name ?? ''),
  );

  expect([...new Set(facts)].sort()).toEqual(Object.keys({ ...CUSTOMER_FACTS, ...LEAD_FACTS }).sort());
  expect(listed('Variables:', '## Shipped').sort()).toEqual(Object.keys(TASK_VARIABLES).sort());
  for (const { id } of SHIPPED_RULES) expect(page).toContain(`\`${id}\``);
});
