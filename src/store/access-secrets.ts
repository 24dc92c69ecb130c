import { createHash, randomBytes } from 'node:crypto';

/** Secrets that we hand out. 256 random bits need no salt and no slow hash. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

export function newId(): string {
  return randomBytes(8).toString('hex');
}
