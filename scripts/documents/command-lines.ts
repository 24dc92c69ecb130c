import { commandTable } from '../../src/cli/program.ts';
import { alternatives, problemOf, wordsOf } from '../../test/support/command-lines.ts';
import { documentFiles, snippets } from '../../test/support/documents.ts';

export interface DocumentLine {
  /** As the document has it, without `zcv`. */
  readonly text: string;
  readonly words: readonly string[];
  /** file:line of its first appearance. */
  readonly where: string;
}

/** Every whole command line of the documents once, in their order. ADRs and the changelog tell of their day. */
export async function documentLines(): Promise<DocumentLine[]> {
  const table = await commandTable();
  const files = documentFiles().filter((file) => !file.startsWith('docs/adr/') && file !== 'CHANGELOG.md');
  const found = new Map<string, DocumentLine>();
  for (const { file, line, text } of files.flatMap(snippets)) {
    for (const words of alternatives(wordsOf(text) ?? [])) {
      // Inline code may leave out what a command needs: that names the command only.
      if (words.length === 0 || problemOf(table, words, true) !== null) continue;
      const key = words.join(' ');
      if (!found.has(key)) found.set(key, { text: key, words, where: `${file}:${line}` });
    }
  }
  return [...found.values()];
}
