import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { loadKeys, seal, unseal } from '../../src/crypto.ts';
import { ConfigError } from '../../src/errors.ts';

const directory = mkdtempSync(join(tmpdir(), 'zcv-keys-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const aKey = () => randomBytes(32).toString('base64');
const keysOf = (...keys: string[]) => loadKeys({ keys: keys.join(','), keyFile: null });

describe('sealing', () => {
  test('any text comes back, and no two seals of it are alike', async () => {
    const keys = await keysOf(aKey());

    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, context) => {
        const sealed = seal(keys, plain, context);

        expect(unseal(keys, sealed, context)).toBe(plain);
        expect(seal(keys, plain, context)).not.toBe(sealed);
      }),
    );
  });

  test('a secret moved to another row or column does not open', async () => {
    const keys = await keysOf(aKey());
    const sealed = seal(keys, 'token', 'connections/a/refresh_token');

    expect(() => unseal(keys, sealed, 'connections/b/refresh_token')).toThrow(ConfigError);
    expect(() => unseal(keys, sealed, 'connections/a/access_token')).toThrow(ConfigError);
  });

  test('a changed byte anywhere is noticed', async () => {
    const keys = await keysOf(aKey());
    const sealed = seal(keys, 'token', 'here');
    const [version, id, body = ''] = sealed.split('.');
    const bytes = Buffer.from(body, 'base64url');

    for (let index = 0; index < bytes.length; index++) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      const text = `${version}.${id}.${changed.toString('base64url')}`;
      expect(() => unseal(keys, text, 'here')).toThrow(ConfigError);
    }
  });

  test('a truncated tag is refused', async () => {
    const keys = await keysOf(aKey());
    const sealed = seal(keys, '', 'here');

    expect(() => unseal(keys, sealed.slice(0, -6), 'here')).toThrow(ConfigError);
  });

  test('after a rotation the new key seals, the old one still opens, and a dropped one is named', async () => {
    const [old, next] = [aKey(), aKey()];
    const before = await keysOf(old);
    const during = await keysOf(next, old);
    const after = await keysOf(next);
    const sealedBefore = seal(before, 'token', 'here');
    const sealedDuring = seal(during, 'token', 'here');

    expect(unseal(during, sealedBefore, 'here')).toBe('token');
    expect(unseal(after, sealedDuring, 'here')).toBe('token');
    expect(() => unseal(after, sealedBefore, 'here')).toThrow(/which is not among ENCRYPTION_KEYS/);
  });
});

describe('keys', () => {
  test('a key file is made once, readable by its owner alone, also when several ask at once', async () => {
    const keyFile = join(directory, 'deep', 'store.db.key');

    const all = await Promise.all([1, 2, 3, 4].map(() => loadKeys({ keys: null, keyFile })));

    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(Buffer.from(readFileSync(keyFile, 'utf8').trim(), 'base64')).toHaveLength(32);
    const [first, ...others] = all;
    const sealed = first && seal(first, 'token', 'here');
    for (const keys of others) expect(unseal(keys, sealed ?? '', 'here')).toBe('token');
  });

  test.each([
    ['too short', randomBytes(16).toString('base64')],
    ['no base64', 'x'.repeat(44).replace('x', '!')],
    ['empty', ''],
    ['a good one and a bad one', `${randomBytes(32).toString('base64')},short`],
  ])('%s: refused without quoting it', async (_, keys) => {
    const refused = await loadKeys({ keys, keyFile: null }).catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(ConfigError);
    for (const part of keys.split(',').filter((one) => one !== '')) {
      expect(String(refused)).not.toContain(part);
    }
  });

  test('PostgreSQL without keys says which variable is missing', async () => {
    await expect(loadKeys({ keys: null, keyFile: null })).rejects.toThrow(/ENCRYPTION_KEYS is required/);
  });
});
