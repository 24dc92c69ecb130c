import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store/store.ts';

const SECRET = /^[\w-]{43}$/;

export interface BulkHintDeps {
  readonly store: Pick<Store, 'bulkHints'>;
  readonly clock: Clock;
}

/** Brings forward the next look at a bulk job, and nothing else: the body is not signed, so it is not read. */
export function postBulkHint({ store, clock }: BulkHintDeps): RequestHandler {
  return async (req, res) => {
    const secret = String(req.params.secret);
    if (SECRET.test(secret)) {
      await store.bulkHints.arrive(createHash('sha256').update(secret).digest('hex'), clock.now());
    }
    // The same for every address, so that nobody can find out which are waited at.
    res.status(204).end();
  };
}
