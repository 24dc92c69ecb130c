import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { config as loadDotenv } from 'dotenv';
import { z } from 'zod';
import { ConfigError } from './errors.ts';
import type { Settings } from './rules.ts';
import { type BaseTexts, layeredSettings, readBaseTexts, type SettingOrigin } from './settings.ts';

/** Environment and config files → one frozen Config. The only reader of process.env. */

const url = (protocols: readonly string[]) =>
  z.string().refine(
    (text) => {
      const parsed = URL.canParse(text) ? new URL(text) : null;
      return parsed !== null && protocols.includes(parsed.protocol);
    },
    `a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}`,
  );

// Each has a database connection and some 150 MB of its own.
const MOST_SCORE_THREADS = 16;
const DEFAULT_SCORE_THREADS = 4;
const KEYS = /^[A-Za-z0-9+/]{43}=(,[A-Za-z0-9+/]{43}=)*$/;

/** Every variable with its meaning; .env.example is compared with it. */
const Env = z.object({
  ZOHO_CLIENT_ID: z.string().min(1).optional(),
  ZOHO_CLIENT_SECRET: z.string().min(1).optional(),
  ZOHO_ACCOUNTS_URL: url(['https:', 'http:']).default('https://accounts.zoho.com'),
  ZOHO_UPLOAD_URL: url(['https:', 'http:']).optional(),
  ZOHO_REFRESH_TOKEN: z.string().min(1).optional(),
  ZOHO_GRANT_CODE: z.string().min(1).optional(),
  DATABASE_URL: z
    .string()
    .regex(/^(file:.+|postgres(ql)?:\/\/.+)$/, 'file:<path> or postgres://…')
    .default('file:./data/customer-value.db'),
  ENCRYPTION_KEYS: z
    .string()
    .regex(KEYS, '32 bytes in base64 each, comma-separated, newest first')
    .optional(),
  BACKUP_DIR: z.string().min(1).optional(),
  BACKUP_KEEP: z.coerce.number('a number of backups').int().min(1).max(9_999).default(14),
  CONFIG_DIR: z.string().min(1).optional(),
  SETTINGS_PATCH: z.string().min(1).optional(),
  SCORE_THREADS: z.coerce
    .number('a number of threads')
    .int()
    .min(1)
    .max(MOST_SCORE_THREADS)
    .default(Math.min(DEFAULT_SCORE_THREADS, availableParallelism())),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number('a port from 0 to 65535').int().min(0).max(65_535).default(3000),
  PUBLIC_URL: url(['https:', 'http:']).optional(),
  TRUST_PROXY: z.stringbool().default(false),
  SESSION_SECRET: z.string().min(32, 'at least 32 characters').optional(),
  OAUTH_PROVIDER: z.stringbool().default(false),
  SMTP_URL: url(['smtp:', 'smtps:']).optional(),
  METRICS_TOKEN: z.string().min(16, 'at least 16 characters').optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: url(['https:', 'http:']).optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty']).optional(),
});
const SECRETS = [
  'ZOHO_CLIENT_SECRET',
  'ZOHO_REFRESH_TOKEN',
  'METRICS_TOKEN',
  'ZOHO_GRANT_CODE',
  'ENCRYPTION_KEYS',
  'SESSION_SECRET',
  'SMTP_URL',
  'DATABASE_URL',
] as const;
export const ENVIRONMENT_VARIABLES: readonly string[] = Object.keys(Env.shape);
const SECRET_BY_LOCATION = /^ZOHO_CLIENT_SECRET_([A-Z]{2})$/;

export interface Config {
  readonly zoho: {
    readonly clientId: string | null;
    readonly clientSecret: string | null;
    /** Secrets of single data centres, by location (us, eu …). */
    readonly secretByLocation: { readonly [location: string]: string };
    readonly accountsUrl: string;
    /** Null: by data centre. */
    readonly uploadUrl: string | null;
    readonly refreshToken: string | null;
    readonly grantCode: string | null;
  };
  readonly databaseUrl: string;
  readonly encryptionKeys: string | null;
  readonly backup: {
    /** Where scheduled backups go; null: none are made. */
    readonly folder: string | null;
    readonly keep: number;
  };
  readonly configDir: string;
  /** Threads at most for a full scoring. */
  readonly scoreThreads: number;
  readonly server: {
    readonly host: string;
    readonly port: number;
    readonly publicUrl: string | null;
    readonly trustProxy: boolean;
    readonly sessionSecret: string | null;
    /** Programs may ask people for access by OAuth. */
    readonly isOAuthProvider: boolean;
    readonly metricsToken: string | null;
  };
  /** Mail server of alerts and digests; null: nobody is mailed. */
  readonly smtpUrl: string | null;
  /** Base URL of an OTLP/HTTP receiver of traces; null: none are made. */
  readonly tracesTo: string | null;
  readonly log: { readonly level: string; readonly format: 'json' | 'pretty' };
  /** What all connections share; those of a connection lie over it. */
  readonly base: BaseTexts;
  /** The settings of `base` alone. */
  readonly settings: Settings;
  readonly origins: readonly SettingOrigin[];
}

/** NAME_FILE holds the path of a file with the value; setting both is an error. */
function withFiles(env: NodeJS.ProcessEnv, problems: string[]): NodeJS.ProcessEnv {
  const out: NodeJS.ProcessEnv = {};
  for (const [key, value] of Object.entries(env)) if (value !== '') out[key] = value;
  const byLocation = Object.keys(out)
    .map((key) => key.replace(/_FILE$/, ''))
    .filter((key) => SECRET_BY_LOCATION.test(key));
  for (const name of new Set([...SECRETS, ...byLocation])) {
    const path = out[`${name}_FILE`];
    if (path === undefined) continue;
    if (out[name] !== undefined) problems.push(`${name}: set either ${name} or ${name}_FILE, not both`);
    try {
      out[name] = readFileSync(path, 'utf8').trim();
    } catch {
      problems.push(`${name}_FILE: cannot read ${path}`);
    }
  }
  return out;
}

// From src/ as from dist/, the shipped defaults lie beside the package's code.
const SHIPPED_CONFIG = fileURLToPath(new URL('../config', import.meta.url));

export interface ReadConfigOptions {
  readonly isTerminal?: boolean;
  /** Log level where the environment names none. */
  readonly defaultLogLevel?: string;
  /** Replaces what the environment says, e.g. the demo's own database. */
  readonly override?: NodeJS.ProcessEnv;
}

/** Throws ConfigError that lists every problem of environment and files at once. */
export function readConfig(env: NodeJS.ProcessEnv, options: ReadConfigOptions = {}): Config {
  const problems: string[] = [];
  const values = withFiles({ LOG_LEVEL: options.defaultLogLevel, ...env, ...options.override }, problems);
  const parsed = Env.safeParse(values);
  if (!parsed.success) {
    problems.push(...parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  const explicit = values.CONFIG_DIR;
  if (explicit !== undefined && !existsSync(explicit))
    problems.push(`CONFIG_DIR: there is no folder ${explicit}`);
  const configDir = explicit ?? (existsSync('./config') ? './config' : SHIPPED_CONFIG);
  const { base, settings, origins } = readBase(configDir, values.SETTINGS_PATCH ?? null, problems);
  const data = parsed.data;
  if (data?.DATABASE_URL.startsWith('postgres') && !data.ENCRYPTION_KEYS) {
    problems.push('ENCRYPTION_KEYS: required with PostgreSQL; make one with: openssl rand -base64 32');
  }
  if (
    data?.PUBLIC_URL?.startsWith('http:') &&
    !/^http:\/\/(127\.0\.0\.1|localhost)([:/]|$)/.test(data.PUBLIC_URL)
  ) {
    problems.push('PUBLIC_URL: Zoho notifies over https only; http is for 127.0.0.1');
  }
  if (data?.OAUTH_PROVIDER && !data.PUBLIC_URL) {
    problems.push('OAUTH_PROVIDER: needs PUBLIC_URL, where programs and browsers find us');
  }
  if (problems.length > 0 || !data || !settings) {
    throw badConfig(problems);
  }
  const secretByLocation: Record<string, string> = {};
  for (const [key, value] of Object.entries(values)) {
    const location = SECRET_BY_LOCATION.exec(key)?.[1];
    if (location && value) secretByLocation[location.toLowerCase()] = value;
  }
  return Object.freeze({
    zoho: {
      clientId: data.ZOHO_CLIENT_ID ?? null,
      clientSecret: data.ZOHO_CLIENT_SECRET ?? null,
      secretByLocation,
      accountsUrl: new URL(data.ZOHO_ACCOUNTS_URL).origin,
      uploadUrl: data.ZOHO_UPLOAD_URL === undefined ? null : new URL(data.ZOHO_UPLOAD_URL).origin,
      refreshToken: data.ZOHO_REFRESH_TOKEN ?? null,
      grantCode: data.ZOHO_GRANT_CODE ?? null,
    },
    databaseUrl: data.DATABASE_URL,
    encryptionKeys: data.ENCRYPTION_KEYS ?? null,
    backup: { folder: data.BACKUP_DIR ?? null, keep: data.BACKUP_KEEP },
    configDir,
    scoreThreads: data.SCORE_THREADS,
    server: {
      host: data.HOST,
      port: data.PORT,
      publicUrl: data.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
      trustProxy: data.TRUST_PROXY,
      sessionSecret: data.SESSION_SECRET ?? null,
      isOAuthProvider: data.OAUTH_PROVIDER,
      metricsToken: data.METRICS_TOKEN ?? null,
    },
    smtpUrl: data.SMTP_URL ?? null,
    tracesTo: data.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    log: { level: data.LOG_LEVEL, format: data.LOG_FORMAT ?? (options.isTerminal ? 'pretty' : 'json') },
    base,
    settings,
    origins,
  });
}

function readBase(configDir: string, patch: string | null, problems: string[]) {
  const base = readBaseTexts(configDir, problems, { shippedDir: SHIPPED_CONFIG, patch });
  return { base, ...layeredSettings(base, [], problems) };
}

/** The files of CONFIG_DIR as they stand now, for SIGHUP; throws ConfigError and leaves `config` in force. */
export function rereadBase(config: Config): BaseTexts {
  const problems: string[] = [];
  const { base } = readBase(config.configDir, config.base.patch, problems);
  if (problems.length > 0) throw badConfig(problems);
  return base;
}

function badConfig(problems: readonly string[]): ConfigError {
  return new ConfigError(`Bad configuration:\n${problems.map((line) => `  - ${line}`).join('\n')}`);
}

/** The process's environment with .env of the working directory beneath it. */
export function processEnvironment(): NodeJS.ProcessEnv {
  loadDotenv({ quiet: true });
  return process.env;
}
