import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import type { Registry } from 'prom-client';
import { NotFoundError } from '../../errors.ts';

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/** With a token for whoever carries it; without one for this machine alone. Others see nothing there. */
export function getMetrics(registry: Registry, access: { readonly token: string | null }): RequestHandler {
  const isAllowed = (req: Request): boolean => {
    if (access.token === null) {
      // Both: a proxy on this machine passes on whom it speaks for.
      return LOOPBACK.test(req.socket.remoteAddress ?? '') && LOOPBACK.test(req.ip ?? '');
    }
    const given = /^Bearer (.+)$/i.exec(req.get('authorization') ?? '')?.[1] ?? '';
    return timingSafeEqual(digest(given), digest(access.token));
  };
  return async (req, res) => {
    if (!isAllowed(req)) throw new NotFoundError('there is nothing here');
    res.type(registry.contentType).send(await registry.metrics());
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
