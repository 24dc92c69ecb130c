import express, { type NextFunction, type Request, type Response, Router } from 'express';
import type { ControlApi } from './control.ts';
import { controlLifeRouter } from './control-life-routes.ts';
import { done, objectIn, textIn, textsIn } from './control-requests.ts';
import { FAULTS, type FaultSpec } from './faults.ts';
import { isObject } from './row-input.ts';

/** `/__control/`: the control API over HTTP, without OAuth. */
export function controlRouter(control: ControlApi): Router {
  const router = Router();
  router.use('/__control', express.json({ limit: '50mb', strict: false }));
  router.get('/__control/faults', (_request, response) => response.json(control.report().faults));
  router.post('/__control/faults', (request, response) => {
    response.status(201).json({ ids: control.addFaults([request.body].flat().map(faultIn)) });
  });
  router.delete('/__control/faults{/:id}', (request, response) => {
    const { id } = request.params;
    control.clearFaults(typeof id === 'string' ? id : undefined);
    response.status(204).end();
  });
  router.get('/__control/report', (_request, response) => response.json(control.report()));
  router.post(
    '/__control/reset-report',
    done(() => control.resetReport()),
  );
  router.post(
    '/__control/clock',
    done((body) => control.setClock(clockIn(body))),
  );
  router.post(
    '/__control/switches',
    done((body) => control.setSwitches(objectIn(body))),
  );
  router.post(
    '/__control/revoke',
    done((body) => control.revoke(textIn(body, 'refreshToken'))),
  );
  router.post(
    '/__control/expire-access-tokens',
    done(() => control.expireAccessTokens()),
  );
  router.post('/__control/grant-code', (_request, response) => {
    response.status(201).json({ code: control.issueGrantCode() });
  });
  router.get('/__control/truth/:module', (request, response) => {
    const rows = control.truth(request.params.module);
    response.type('application/x-ndjson');
    for (const row of rows) response.write(`${JSON.stringify(row)}\n`);
    response.end();
  });
  router.get('/__control/records/:module', (request, response) => {
    response.json({ data: control.records(request.params.module) });
  });
  router.post('/__control/records/:module', (request, response) => {
    const { data } = objectIn(request.body);
    if (!Array.isArray(data) || !data.every(isObject))
      throw new RangeError('data must be an array of objects');
    response.json(control.writeRecords(request.params.module, data, textIn(request.body, 'as')));
  });
  router.post(
    '/__control/records/:module/delete',
    done((body, { module }) => control.deleteRecords(module, textsIn(body, 'ids'), textIn(body, 'as'))),
  );
  router.use(controlLifeRouter(control));
  router.use('/__control', (error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    response.status(400).json({ error: error instanceof Error ? error.message : String(error) });
  });
  return router;
}

function clockIn(body: unknown): { offsetMs: number } | { now: Date } {
  const { offsetMs, now } = objectIn(body);
  if (typeof offsetMs === 'number') return { offsetMs };
  if (typeof now === 'string' && !Number.isNaN(Date.parse(now))) return { now: new Date(now) };
  throw new RangeError('offsetMs (a number) or now (an instant) is needed');
}

function faultIn(body: unknown): FaultSpec {
  const { kind } = objectIn(body);
  if (typeof kind !== 'string' || !(kind in FAULTS)) throw new RangeError(`unknown fault: ${String(kind)}`);
  // The kind was checked; the other members are read with their defaults.
  return body as FaultSpec;
}
