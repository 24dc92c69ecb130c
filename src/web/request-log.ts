import { randomUUID } from 'node:crypto';
import { pinoHttp } from 'pino-http';
import { type Log, withoutSecrets } from '../log.ts';

const QUIET_PATHS = new Set(['/healthz', '/readyz', '/metrics']);
// What others name a request by; anything else might break a line of the log, or fill it.
const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;

/** Names each request, answers with the name, and logs it without query, headers, body and secrets of the path. */
export function requestLog(log: Log) {
  return pinoHttp({
    // The child is a whole pino logger, which pino-http asks for.
    logger: log.child({}),
    genReqId(req, res) {
      const given = req.headers['x-request-id'];
      const id = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
      res.setHeader('X-Request-Id', id);
      return id;
    },
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
