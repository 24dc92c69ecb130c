import type { Db } from '../db.ts';
import { rememberedErasures } from './remembered-erasures.ts';
import { type ServiceFacts, serviceFacts } from './service-facts.ts';
import type { Store } from './store.ts';
import { fillStore, finishCopy, isEmptyStore, workersIn } from './whole-load.ts';

/** A database as something that a copy goes into, whatever stands in it. */
export function copyTarget(db: Db, store: () => Store) {
  return {
    isEmpty: () => isEmptyStore(db),
    workers: (now: Date) => workersIn(db, now),
    erasures: () => rememberedErasures(db).catch(() => null),
    fill: (...input: Parameters<typeof fillStore> extends [Db, ...infer Rest] ? Rest : never) =>
      fillStore(db, ...input),
    finish: (at: Date) => finishCopy(db, at),
    facts: async (): Promise<ServiceFacts | null> => {
      const facts = serviceFacts(db);
      return facts.get('copy').then(
        () => facts,
        () => null,
      );
    },
    store,
  };
}
