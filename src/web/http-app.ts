import { once } from 'node:events';
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Provider } from 'oidc-provider';
import { type Log, withLogFields } from '../log.ts';
import type { Observer } from '../observe.ts';
import { adminPages, contentPolicy } from './admin-pages.ts';
import { createApiRouter } from './api-router.ts';
import { type ApiDeps, apiRoutes } from './api-routes.ts';
import { createErrorHandler, handleNotFound } from './error-handler.ts';
import type { Metrics } from './metrics.ts';
import { mountOAuth } from './oauth/oauth-routes.ts';
import { createOpenApiDocument } from './openapi.ts';
import { createRateLimits, MOST_PER_MINUTE, type MostPerMinute } from './rate-limits.ts';
import { requestLog } from './request-log.ts';
import { getHealthz } from './routes/get-healthz.ts';
import { getMetrics } from './routes/get-metrics.ts';
import { getReadyz, type ReadyzDeps } from './routes/get-readyz.ts';
import { getStatusPage } from './routes/get-status-page.ts';
import { getMailStop, postMailStop } from './routes/mail-stop.ts';
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
    /** Null: we are no OAuth provider. */
    readonly provider: Provider | null;
  };

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

function statusPage({ store }: Pick<HttpAppDeps, 'store'>): RequestHandler {
  return express.Router().get('/', getStatusPage(store));
}

export function createHttpApp(
  deps: HttpAppDeps,
  options: {
    readonly trustProxy: boolean;
    readonly mostPerMinute?: MostPerMinute;
    /** Folder of the built admin pages; without it `/` tells in plain words how the service is. */
    readonly pages?: string;
  },
): Express {
  const { metrics } = deps;
  const limits = createRateLimits(options.mostPerMinute ?? MOST_PER_MINUTE);
  const app = express();
  app.set('trust proxy', options.trustProxy ? 1 : false);
  app.use(requestLog(deps.log));
  app.use((req, _res, next) => withLogFields({ requestId: req.id }, next));
  app.use(spanOfRequest(deps.observer));
  app.use(metrics.timeRequests);
  app.use(helmet({ contentSecurityPolicy: contentPolicy() }));
  app.use((_req, res, next) => {
    // Whoever keeps a connection is sent to another server with the next request.
    if (deps.isDraining()) res.set('Connection', 'close');
    next();
  });

  app.get('/healthz', getHealthz);
  app.get('/readyz', getReadyz(deps));
  app.get('/metrics', getMetrics(metrics.registry, { token: deps.metricsToken }));
  app.use('/hooks', metrics.countRefused);
  app.post('/hooks/zoho/:secret', postZohoWebhook({ ...deps, countDelivery: metrics.countDelivery }));
  app.post('/hooks/workflow/:secret', postWorkflowWebhook({ ...deps, countDelivery: metrics.countDelivery }));
  app.post('/hooks/bulk/:secret', postBulkHint(deps));
  // Programs of many people come from the same few addresses of Zoho, so these are counted as calls of the API are.
  app.use(['/oauth/token', '/oauth/revoke'], limits.api);
  app.use(
    ['/connect', '/oauth/callback', '/oauth/authorize', '/oauth/consent', '/sign-in', '/operator'],
    limits.signIn,
  );
  mountSignIn(app, deps);
  if (deps.provider) mountOAuth(app, { ...deps, provider: deps.provider });
  app.use('/mail', limits.signIn);
  app.get('/mail/stop/:token', getMailStop(deps));
  app.post('/mail/stop/:token', postMailStop(deps));
  const routes = apiRoutes(deps);
  const openApi = createOpenApiDocument(routes);
  app.get('/api/openapi.json', (_req, res) => {
    res.json(openApi);
  });
  app.use(
    '/api/v1',
    limits.api,
    createApiRouter({ ...deps, guards: deps.access, limitCaller: limits.caller }, routes),
  );
  app.use((options.pages === undefined ? null : adminPages(options.pages)) ?? statusPage(deps));

  app.use(handleNotFound);
  app.use(createErrorHandler(deps.log));
  return app;
}
