import { Router } from 'express';
import type { ControlApi } from './control.ts';
import { done, objectIn, textIn, textsIn } from './control-requests.ts';
import type { SeedField } from './seed.ts';

/** The part of `/__control/` that merges, restores and purges records and changes modules and fields. */
export function controlLifeRouter(control: ControlApi): Router {
  const router = Router();
  const records = '/__control/records/:module';
  router.post('/__control/convert/:id', (request, response) => {
    const body = objectIn(request.body);
    response.json(control.convertLead(request.params.id, body, textIn(body, 'as')));
  });
  router.post(
    `${records}/merge`,
    done((body, { module }) =>
      control.mergeRecords(module, textIn(body, 'winner') ?? '', textsIn(body, 'losers'), textIn(body, 'as')),
    ),
  );
  router.post(
    `${records}/restore`,
    done((body, { module }) => control.restoreRecords(module, textsIn(body, 'ids'), textIn(body, 'as'))),
  );
  router.post(
    `${records}/purge`,
    done((body, { module }) => control.purgeRecords(module, textsIn(body, 'ids'))),
  );
  router.post(
    `${records}/stamp`,
    done((body, { module }) => {
      const { ids } = objectIn(body);
      control.stampRecords(module, ids === 'all' ? 'all' : textsIn(body, 'ids'), textIn(body, 'at') ?? '');
    }),
  );
  router.post('/__control/emails/:id', (request, response) => {
    const { emails } = objectIn(request.body);
    if (!Array.isArray(emails)) throw new RangeError('emails must be an array');
    control.addEmails(request.params.id, emails);
    response.status(204).end();
  });
  router.post(
    '/__control/users/:user',
    done((body, { user }) => {
      const { active } = objectIn(body);
      if (typeof active !== 'boolean') throw new RangeError('active must be true or false');
      control.setUserActive(user, active);
    }),
  );
  router.post(
    '/__control/modules/:module',
    done((body, { module }) => control.changeModule(module, objectIn(body))),
  );
  router.post(
    '/__control/fields/:module',
    // A seed's field, judged where it is used.
    done((body, { module }) => control.addField(module, objectIn(body) as unknown as SeedField)),
  );
  router.post(
    '/__control/fields/:module/:name',
    done((body, { module, name }) => control.changeField(module, name, objectIn(body))),
  );
  router.delete(
    '/__control/fields/:module/:name',
    done((_body, { module, name }) => control.removeField(module, name)),
  );
  return router;
}
