import type { Request, Response } from 'express';
import { isObject } from './row-input.ts';

interface Names {
  module: string;
  name: string;
  user: string;
}

/** A call that answers 204 once its work is done. */
export function done(work: (body: unknown, names: Names) => void) {
  return (request: Request, response: Response): void => {
    const { module, name, user } = request.params;
    work(request.body, { module: String(module), name: String(name), user: String(user) });
    response.status(204).end();
  };
}

export function objectIn(body: unknown): Record<string, unknown> {
  if (!isObject(body)) throw new RangeError('the body must be a JSON object');
  return body;
}

export function textIn(body: unknown, key: string): string | undefined {
  const value = isObject(body) ? body[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}

export function textsIn(body: unknown, key: string): string[] {
  const value = isObject(body) ? body[key] : undefined;
  if (!Array.isArray(value)) throw new RangeError(`${key} must be an array`);
  return value.map(String);
}
