import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The documents that people read, as text, with what can be copied out of them. */

export interface Snippet {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  /** A line of a block, which is copied as it stands; inline code may leave arguments out. */
  readonly isBlock: boolean;
}

const FENCE = /^\s*```/;

/** README, CONTRIBUTING, CHANGELOG and all of docs/. */
export function documentFiles(): string[] {
  const inDocs = readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name));
  return ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...inDocs.sort()];
}

/** Lines of blocks, and inline code, which may go on in the next line. */
export function snippets(file: string): Snippet[] {
  const found: Snippet[] = [];
  const prose: string[] = [];
  let isFenced = false;
  for (const [index, text] of readFileSync(file, 'utf8').split('\n').entries()) {
    const isFence = FENCE.test(text);
    if (isFence) isFenced = !isFenced;
    const isBlock = !isFence && (isFenced || /^ {4}\S/.test(text));
    if (isBlock) found.push({ file, line: index + 1, text: text.trim(), isBlock });
    prose.push(isFence || isBlock ? '' : text);
  }
  const whole = prose.join('\n');
  for (const match of whole.matchAll(/`([^`]+)`/g)) {
    const line = whole.slice(0, match.index).split('\n').length;
    found.push({ file, line, text: (match[1] ?? '').replace(/\s+/g, ' '), isBlock: false });
  }
  return found;
}

/** Headings as GitHub makes anchors of them: of two alike the second ends in -1. */
function anchorsOf(file: string): Set<string> {
  const anchors = new Set<string>();
  const text = readFileSync(file, 'utf8').replace(/^\s*```[\s\S]*?^\s*```/gm, '');
  for (const match of text.matchAll(/^#{1,6}\s+(.+)$/gm)) {
    const slug = (match[1] ?? '')
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let again = 1; anchors.has(anchor); again += 1) anchor = `${slug}-${again}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** Relative links of a document that lead nowhere, and documents that it names and that are not there. */
export function brokenLinks(file: string): string[] {
  const wrong: string[] = [];
  const text = readFileSync(file, 'utf8');
  for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [path = '', anchor] = target.split('#');
    const to = path === '' ? file : join(dirname(file), path);
    if (!existsSync(to)) wrong.push(`${file}: ${target} is not there`);
    else if (anchor !== undefined && !anchorsOf(to).has(anchor))
      wrong.push(`${file}: ${target} has no such heading`);
  }
  for (const [path] of text.matchAll(/\bdocs\/[\w/-]+\.md\b/g)) {
    if (!existsSync(path)) wrong.push(`${file}: ${path} is not there`);
  }
  return wrong;
}

export interface NamedBlock {
  readonly file: string;
  readonly language: string;
  readonly name: string;
}

/** Blocks that carry a name behind their language, so that a test can read them: "```json money". */
export function namedBlocks(file: string): NamedBlock[] {
  return [...readFileSync(file, 'utf8').matchAll(/^```([a-z]+) ([a-z-]+)$/gm)].map(
    ([, language = '', name = '']) => ({ file, language, name }),
  );
}
