import type { Language } from '../domain.ts';
import type { PlaybookRule } from '../rules.ts';

/** What people call the rule of an id: its title, else the id; so too once the rule is gone from the playbook. */
export function ruleTitles(
  playbook: readonly Pick<PlaybookRule, 'id' | 'title'>[],
  language: Language,
): (id: string) => string {
  const titles = new Map(playbook.map(({ id, title }) => [id, title?.[language] ?? id]));
  return (id) => titles.get(id) ?? id;
}
