// What Zoho's packer refuses, what it leaves out without a word, and what must never lie in a package.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, posix } from 'node:path';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';

export interface Problem {
  readonly path: string;
  readonly rule: string;
  readonly text: string;
}

// The limits of Zoho's own packer for CRM; docs/extension.md says where each was read.
const MOST_FILES = 250;
const MOST_BYTES = 5_000_000;
// In that packer, though not in force for CRM; nothing of ours comes near it.
const MOST_BYTES_IN_ALL = 20_000_000;
const MOST_NAME = 250;
const FILE_NAME = /^[A-Za-z0-9_.$-]*$/;
const FOLDER_NAME = /^[A-Za-z0-9_$-]+$/;
const TYPES = new Set(
  'jpg jpeg png gif svg css woff woff2 ttf eot webm js mp3 mp4 json txt md xml dre html'.split(' '),
);
// A card that is slow to load is one that nobody opens.
const MOST_GZIPPED = 60_000;
const PAGES = ['widget.html', 'worklist.html'];
/** The only thing that may come from elsewhere. */
const SDK_HOST = 'https://live.zwidgets.com';

/** Every file and folder, by its path with slashes; a link is told as what it is. */
function entriesOf(folder: string, under = ''): { path: string; kind: 'file' | 'folder' | 'other' }[] {
  return readdirSync(join(folder, under), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(under, entry.name);
    if (entry.isDirectory()) return [{ path, kind: 'folder' as const }, ...entriesOf(folder, path)];
    return [{ path, kind: entry.isFile() ? ('file' as const) : ('other' as const) }];
  });
}

export function filesOf(folder: string): string[] {
  return entriesOf(folder)
    .filter(({ kind }) => kind === 'file')
    .map(({ path }) => path)
    .sort();
}

export function lintApp(folder: string): Problem[] {
  let entries: ReturnType<typeof entriesOf>;
  try {
    entries = entriesOf(folder);
  } catch {
    return [{ path: folder, rule: 'no-app', text: 'the folder is not there; build the widget first' }];
  }
  const files = entries.filter(({ kind }) => kind === 'file').map(({ path }) => path);
  if (files.length === 0) return [{ path: folder, rule: 'empty-app', text: 'the folder holds no file' }];
  return [
    ...countProblems(folder, files),
    ...entries.flatMap(({ path, kind }) => nameProblems(path, kind)),
    ...files.flatMap((path) => contentProblems(folder, path, new Set(files))),
    ...pageProblems(files),
    ...configProblems(folder, files),
  ];
}

const sizeOf = (folder: string, path: string) => statSync(join(folder, path)).size;

function countProblems(folder: string, files: readonly string[]): Problem[] {
  const problems: Problem[] = [];
  const say = (path: string, rule: string, text: string) => problems.push({ path, rule, text });
  if (files.length > MOST_FILES) say('', 'file-count', `${files.length} files; at most ${MOST_FILES}`);
  for (const path of files) {
    const bytes = sizeOf(folder, path);
    if (bytes > MOST_BYTES) say(path, 'file-size', `${bytes} bytes; at most ${MOST_BYTES}`);
  }
  const total = files.reduce((sum, path) => sum + sizeOf(folder, path), 0);
  if (total > MOST_BYTES_IN_ALL) say('', 'total-size', `${total} bytes; at most ${MOST_BYTES_IN_ALL}`);
  const code = files.filter((path) => /\.(js|css|html)$/.test(path) && sizeOf(folder, path) <= MOST_BYTES);
  const packed = code.reduce((sum, path) => sum + gzipSync(readFileSync(join(folder, path))).length, 0);
  if (packed > MOST_GZIPPED)
    say('', 'budget', `${packed} bytes of code when gzipped; at most ${MOST_GZIPPED}`);
  return problems;
}

function nameProblems(path: string, kind: 'file' | 'folder' | 'other'): Problem[] {
  const name = basename(path);
  const problem = (rule: string, text: string): Problem[] => [{ path, rule, text }];
  if (kind === 'other') return problem('not-a-file', 'a link or device cannot be packed');
  if (kind === 'folder') {
    return FOLDER_NAME.test(name)
      ? []
      : problem(
          'folder-name',
          'letters, digits, _, $ and - only; Zoho refuses a dot in the name of a folder',
        );
  }
  if (TYPES.has(name.slice(1)) && name.startsWith('.'))
    return problem('nameless', 'nothing stands before the type');
  if (name.startsWith('.'))
    return problem('hidden-file', 'Zoho packs hidden files; this one must not leave here');
  if (name.length > MOST_NAME)
    return problem('name-length', `${name.length} characters; at most ${MOST_NAME}`);
  if (!FILE_NAME.test(name)) return problem('file-name', 'letters, digits, _, ., $ and - only');
  const type = extname(name).slice(1);
  if (type === 'map') return problem('source-map', 'maps are for us, and Zoho leaves them out');
  // Capitals too: whether Zoho takes them for the same type is not known.
  if (!TYPES.has(type))
    return problem('file-type', `Zoho leaves .${type} out of the package without an error`);
  return [];
}

const LOCAL = /(?:src|href)="(?!https?:|data:|#)([^"]+)"/g;
const REMOTE = /(?:https?:)?\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)+/gi;

function contentProblems(folder: string, path: string, files: ReadonlySet<string>): Problem[] {
  if (!/\.(js|css|html|json|svg)$/.test(path) || sizeOf(folder, path) > MOST_BYTES) return [];
  const text = readFileSync(join(folder, path), 'utf8');
  const problems: Problem[] = [];
  if (/[#@]\s*sourceMappingURL=/.test(text))
    problems.push({ path, rule: 'source-map', text: 'names a source map' });
  if (path !== 'config.json') {
    for (const [address] of text.matchAll(REMOTE))
      if (address !== SDK_HOST && !/^\/\/(www\.)?w3\.org/.test(address))
        problems.push({ path, rule: 'remote', text: `names ${address}; only ${SDK_HOST} may be asked` });
  }
  if (path.endsWith('.html')) {
    for (const [, target = ''] of text.matchAll(LOCAL)) {
      const wanted = posix.normalize(posix.join(dirname(path), target));
      if (!files.has(wanted))
        problems.push({ path, rule: 'missing', text: `asks for ${target}, which is not there` });
    }
    if (/\son[a-z]+="|javascript:/i.test(text) || /<script(?![^>]*\ssrc=)/i.test(text))
      problems.push({ path, rule: 'inline-script', text: 'scripts stand in files of their own' });
  }
  return problems;
}

function pageProblems(files: readonly string[]): Problem[] {
  return PAGES.filter((page) => !files.includes(page)).map((path) => ({
    path,
    rule: 'page',
    text: 'Zoho is told to open this page, and it is not there',
  }));
}

const Address = z
  .string()
  .refine((text) => URL.parse(text.replace(/\{(module|id)\}/g, 'x'))?.protocol === 'https:', 'must be https')
  .refine((text) => !/[{}]/.test(text.replace(/\{(module|id)\}/g, '')), 'knows {module} and {id} only')
  .refine((text) => URL.parse(text.replace(/\{(module|id)\}/g, 'x'))?.search === '', 'carries no parameters');
const Config = z.strictObject({
  customerPage: Address.nullable(),
  customerPageVariable: z.string().min(1).nullable(),
  fields: z.record(z.string(), z.record(z.string(), z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/))),
  parents: z.array(z.url({ protocol: /^https$/ })),
});

export function configProblem(text: string): string | null {
  try {
    const parsed = Config.safeParse(JSON.parse(text));
    return parsed.success ? null : z.prettifyError(parsed.error);
  } catch {
    return 'is no JSON';
  }
}

function configProblems(folder: string, files: readonly string[]): Problem[] {
  const path = 'config.json';
  if (!files.includes(path)) return [{ path, rule: 'config', text: 'is not there' }];
  const text = configProblem(readFileSync(join(folder, path), 'utf8'));
  return text === null ? [] : [{ path, rule: 'config', text }];
}

/** Zoho looks at nothing else of the manifest of a CRM widget, and does not pack it. */
export function lintManifest(file: string): Problem[] {
  const problem = (text: string) => [{ path: basename(file), rule: 'manifest', text }];
  try {
    const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const { success } = z.looseObject({ service: z.literal('CRM') }).safeParse(manifest);
    return success ? [] : problem('the service must be CRM');
  } catch {
    return problem('is missing or no JSON');
  }
}
