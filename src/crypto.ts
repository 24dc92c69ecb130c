import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigError } from './errors.ts';

/** Secrets at rest: AES-256-GCM. The context (connection and column) is authenticated: a moved cell does not open. */

interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}
/** The first key seals; all of them open. */
export interface Keys {
  readonly all: readonly [Key, ...Key[]];
}

const VERSION = 'v1';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Throws ConfigError that never quotes a key. As `loadKeys`, but makes none: null when there is none yet. */
export async function existingKeys(input: KeyPlaces): Promise<Keys | null> {
  if (input.keys !== null || input.keyFile === null) return input.keys === null ? null : loadKeys(input);
  const text = await readIfThere(input.keyFile);
  return text === null ? null : loadKeys(input);
}

interface KeyPlaces {
  readonly keys: string | null;
  readonly keyFile: string | null;
}

/**
 * ENCRYPTION_KEYS ("new,old", each 32 bytes in base64), else the key file, which is created on first use.
 * Throws ConfigError that never quotes a key.
 */
export async function loadKeys(input: KeyPlaces): Promise<Keys> {
  const text = input.keys ?? (input.keyFile === null ? null : await keyFileText(input.keyFile));
  if (text === null) {
    throw new ConfigError(
      'ENCRYPTION_KEYS is required with PostgreSQL: 32 bytes in base64 (openssl rand -base64 32)',
    );
  }
  const source = input.keys === null ? (input.keyFile ?? 'the key file') : 'ENCRYPTION_KEYS';
  const [first, ...rest] = text
    .split(',')
    .map((part, index) => keyOf(part.trim(), `${source}, key ${index + 1}`));
  if (!first) throw new ConfigError(`${source} holds no key`);
  return { all: [first, ...rest] };
}

export function seal(keys: Keys, plain: string, context: string): string {
  const [key] = keys.all;
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, iv).setAAD(Buffer.from(context));
  const body = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${VERSION}.${key.id}.${body.toString('base64url')}`;
}

/** Throws ConfigError when the key is not among `keys`, or when text or context are not what was sealed. */
export function unseal(keys: Keys, sealed: string, context: string): string {
  const [version, id, body] = sealed.split('.');
  if (version !== VERSION || id === undefined || body === undefined) {
    throw new ConfigError(`${context}: not a secret that this version sealed`);
  }
  const key = keys.all.find((candidate) => candidate.id === id);
  if (!key) {
    throw new ConfigError(
      `${context} was sealed with key ${id}, which is not among ENCRYPTION_KEYS; add it after the new one`,
    );
  }
  const bytes = Buffer.from(body, 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG_BYTES));
    const plain = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
    return Buffer.concat([plain, decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new ConfigError(`${context} cannot be opened: it was changed or belongs to another row`, { cause });
  }
}

/** SESSION_SECRET, else the file, which is created on first use; null when there is neither. */
export async function loadSessionSecret(input: {
  secret: string | null;
  file: string | null;
}): Promise<string | null> {
  if (input.secret !== null) return input.secret;
  return input.file === null ? null : keyFileText(input.file);
}

/** The key that sealed it; null: it is no secret that was sealed here. */
export function keyIdOf(sealed: string): string | null {
  return /^v1\.([0-9a-f]{8})\./.exec(sealed)?.[1] ?? null;
}

function keyOf(base64: string, what: string): Key {
  const bytes = Buffer.from(base64, 'base64');
  // Buffer.from skips what is no base64, so the text is compared with what was understood.
  const isExact = bytes.toString('base64').replace(/=+$/, '') === base64.replace(/=+$/, '');
  if (bytes.length !== KEY_BYTES || !isExact) {
    throw new ConfigError(`${what}: expected 32 bytes in base64 (openssl rand -base64 32)`);
  }
  // A name that tells keys apart and says nothing of the key.
  const id = createHash('sha256').update('key id').update(bytes).digest('hex').slice(0, 8);
  return { id, bytes };
}

async function keyFileText(path: string): Promise<string> {
  const existing = await readIfThere(path);
  if (existing !== null) return existing.trim();
  await mkdir(dirname(path), { recursive: true });
  // Written aside and linked: of two processes that start at once one wins, and nobody reads half a key.
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(aside, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(KEY_BYTES).toString('base64')}\n`);
    await file.sync();
    await link(aside, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await file.close();
    await rm(aside, { force: true });
  }
  return (await readFile(path, 'utf8')).trim();
}

/** Puts a new key before those of the file, which then seals what is stored from now on. Answers its id. */
export async function addKeyToFile(path: string): Promise<string> {
  const text = `${randomBytes(KEY_BYTES).toString('base64')},${await keyFileText(path)}`;
  await replaceKeyFile(path, text);
  return (await loadKeys({ keys: text, keyFile: null })).all[0].id;
}

/** Keeps only these keys in the file. Throws ConfigError rather than keep none. */
export async function keepKeysInFile(path: string, ids: readonly string[]): Promise<void> {
  const parts = (await keyFileText(path)).split(',');
  const kept = parts.filter((part) => ids.includes(keyOf(part.trim(), path).id));
  if (kept.length === 0) throw new ConfigError(`${path} would hold no key`);
  await replaceKeyFile(path, kept.join(','));
}

async function replaceKeyFile(path: string, text: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(aside, 'wx', 0o600);
  await file.writeFile(`${text}\n`);
  await file.sync();
  await file.close();
  await rename(aside, path);
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new ConfigError(`the key file ${path} cannot be read`, { cause: error });
  }
}
