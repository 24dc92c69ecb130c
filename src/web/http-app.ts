import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { pinoHttp } from 'pino-http';
import { type Log, withLogFields, withoutSecrets } from '../log.ts';
import type { Observer } from '../observe.ts';
import { createApiRouter } from './api-router.ts';
import { type ApiDeps, apiRoutes } from './api-routes.ts';
import { createErrorHandler, handleNotFound } from './error-handler.ts';
import type { Metrics } from './metrics.ts';
import { createOpenApiDocument } from './openapi.ts';
import { getHealthz } from './routes/get-healthz.ts';
import { getMetrics } from './routes/get-metrics.ts';
import { getReadyz, type ReadyzDeps } from './routes/get-readyz.ts';
import { getStatusPage } from './routes/get-status-page.ts';
import { type BulkHintDeps, postBulkHint } from './routes/post-bulk-hint.ts';
import { postWorkflowWebhook, type WorkflowWebhookDeps } from './routes/post-workflow-webhook.ts';
import { postZohoWebhook, type WebhookDeps } from './routes/post-zoho-webhook.ts';
import { mountSignIn, type SignInRoutesDeps } from './sign-in-routes.ts';

/** The routes, and what stands around all of them. */

export type HttpAppDeps = SignInRoutesDeps &
  ReadyzDeps &
  BulkHintDeps &
  ApiDeps &
  Pick<WebhookDeps, 'receiver'> &
  Pick<WorkflowWebhookDeps, 'workflows'> & {
    readonly metrics: Metrics;
    readonly log: Log;
    readonly observer: Observer;
    /** Asked of who reads /metrics; null: whoever asks from this machine. */
    readonly metricsToken: string | null;
  };

const QUIET_PATHS = new Set(['/healthz', '/readyz', '/metrics']);

function requestLog(log: Log) {
  return pinoHttp({
    // The child is a whole pino logger, which pino-http asks for.
    logger: log.child({}),
    genReqId: () => randomUUID(),
    autoLogging: { ignore: (req) => QUIET_PATHS.has(req.url ?? '') },
    // Queries hold OAuth codes, hook paths a secret, headers cookies: none of them is logged.
    serializers: {
      req: ({ id, method, url }: { id: unknown; method: unknown; url: unknown }) => ({
        id,
        method,
        path: withoutSecrets(String(url).split('?')[0] ?? ''),
      }),
      res: ({ statusCode }: { statusCode: unknown }) => ({ status: statusCode }),
    },
    customLogLevel: () => 'debug',
    customSuccessMessage: () => 'request answered',
    customErrorMessage: () => 'request answered',
    // The error handler has logged the error itself; pino-http would only add one of its own making.
    customErrorObject: (_req, res, _error, { responseTime }) => ({ res, responseTime }),
  });
}

/** One span a request, around all that it starts; its route is known at the end, and paths hold ids and secrets. */
function spanOfRequest(observer: Observer): RequestHandler {
  return (req, res, next) => {
    const attributes = { 'http.request.method': req.method };
    void observer.span('http request', attributes, () => {
      const closed = once(res, 'close');
      next();
      return closed;
    });
  };
}

export function createHttpApp(deps: HttpAppDeps, options: { readonly trustProxy: boolean }): Express {
  const { metrics } = deps;
  const app = express();
  app.set('trust proxy', options.trustProxy ? 1 : false);
  app.use(requestLog(deps.log));
  app.use((req, _res, next) => withLogFields({ requestId: req.id }, next));
  app.use(spanOfRequest(deps.observer));
  app.use(metrics.timeRequests);
  app.use(helmet());

  app.get('/healthz', getHealthz);
  app.get('/readyz', getReadyz(deps));
  app.get('/metrics', getMetrics(metrics.registry, { token: deps.metricsToken }));
  app.use('/hooks', metrics.countRefused);
  app.post('/hooks/zoho/:secret', postZohoWebhook({ ...deps, countDelivery: metrics.countDelivery }));
  app.post('/hooks/workflow/:secret', postWorkflowWebhook({ ...deps, countDelivery: metrics.countDelivery }));
  app.post('/hooks/bulk/:secret', postBulkHint(deps));
  mountSignIn(app, deps);
  const routes = apiRoutes(deps);
  const openApi = createOpenApiDocument(routes);
  app.get('/api/openapi.json', (_req, res) => {
    res.json(openApi);
  });
  app.use('/api/v1', createApiRouter({ ...deps, guards: deps.access }, routes));
  app.get('/', getStatusPage(deps.store));

  app.use(handleNotFound);
  app.use(createErrorHandler(deps.log));
  return app;
}
