import { AsyncLocalStorage } from 'node:async_hooks';
import { type Logger, pino, stdTimeFunctions } from 'pino';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'child'>;

const SECRET_KEYS = [
  'access_token',
  'accessToken',
  'refresh_token',
  'refreshToken',
  'client_secret',
  'clientSecret',
  'code',
  'authorization',
  'Authorization',
  'cookie',
  'token',
  'password',
  'email',
  'Email',
];
// Errors of our own carry a greppable `code`, so under err only the axios parts that hold secrets are dropped.
const SECRET_PATHS = [
  ...SECRET_KEYS.flatMap((key) => [`*.${key}`, `*.*.${key}`, `*.*.*.${key}`]).filter(
    (path) => !path.endsWith('.code'),
  ),
  'err.config',
  'err.request',
  'err.response',
  'body',
  '*.body',
  'headers',
  '*.headers',
];
const TOKEN_TEXT = /\b1000\.[0-9a-zA-Z]{8,}(?:\.[0-9a-zA-Z]+)?|Zoho-oauthtoken \S+/g;
const HOOK_PATH = /\/hooks\/(zoho|workflow|bulk)\/[\w-]+/g;
// Addresses that serve once, and tokens of our own.
const LINK_PATH = /\/(connect|operator)\/[\w-]{43}/g;
// Stops the mails of one person; what comes behind the sealed text is none of it.
const STOP_PATH = /\/mail\/stop\/[\w.-]+/g;
// Of consent under way: worth nothing without the signed cookie that goes with it, and still no business of a log.
const CONSENT_PATH = /\/oauth\/(consent|authorize)\/[\w-]+/g;
// API tokens; access tokens, refresh tokens, codes and client secrets of the OAuth provider.
const OUR_TOKEN = /\bzcv[arcs]?_[\w-]{43}/g;

/** Tokens and hook secrets that slipped into a text, blanked. Also used on every message that is stored. */
export function withoutSecrets(text: string): string {
  return text
    .replace(TOKEN_TEXT, '[secret]')
    .replace(HOOK_PATH, '/hooks/$1/[secret]')
    .replace(LINK_PATH, '/$1/[secret]')
    .replace(STOP_PATH, '/mail/stop/[secret]')
    .replace(CONSENT_PATH, '/oauth/$1/[secret]')
    .replace(OUR_TOKEN, '[secret]');
}

// What every line says that is written within some work: its job, connection, run, request.
const fields = new AsyncLocalStorage<Record<string, unknown>>();

/** Every line that is logged within the work, by whomever, carries these fields besides those around it. */
export function withLogFields<T>(more: Readonly<Record<string, unknown>>, work: () => T): T {
  return fields.run({ ...fields.getStore(), ...more }, work);
}

/** From here to the end of the work around it; undefined takes the field away. Without work around it, nothing. */
export function setLogField(name: string, value: unknown): void {
  const around = fields.getStore();
  if (around) around[name] = value;
}

/**
 * JSON lines on `destination` (2 = stderr for the CLI, 1 = stdout for serve and worker).
 * Tokens, secrets, e-mail addresses, cookies and bodies are redacted.
 */
export function createLog(options: {
  level: string;
  format: 'json' | 'pretty';
  destination: 1 | 2;
  isTerminal: boolean;
}): Logger {
  const pretty = options.format === 'pretty';
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      mixin: () => ({ ...fields.getStore() }),
      redact: { paths: SECRET_PATHS, censor: '[secret]' },
      hooks: {
        // Runs on the finished line: a secret inside a message or a stack is caught here.
        streamWrite: withoutSecrets,
      },
    },
    pretty
      ? pino.transport({
          target: 'pino-pretty',
          options: { destination: options.destination, colorize: options.isTerminal },
        })
      : pino.destination({ dest: options.destination, sync: true }),
  );
}

export const silentLog: Log = pino({ level: 'silent' });
