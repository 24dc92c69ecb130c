import { createTransport } from 'nodemailer';

/** One message to one address, through the mail server of SMTP_URL. */

interface Message {
  /** The same at every attempt, so that a mail server may know a repetition. */
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Where one request stops more of its kind; null: there is no such address. */
  readonly stopUrl: string | null;
}
/** `error` is a code, never words of the server: those may name the address. */
export type SendOutcome =
  | { readonly state: 'sent' }
  /** For good: another attempt would meet the same. */
  | { readonly state: 'refused'; readonly error: string }
  /** `isServer`: it is not about this message, others would fare no better. */
  | { readonly state: 'deferred'; readonly error: string; readonly isServer: boolean };

export interface MailTransport {
  send(message: Message): Promise<SendOutcome>;
  /** Whether the server can be reached and takes the log-in; null: it does, else a code. */
  verify(): Promise<string | null>;
  close(): void;
}

const MOST_CONNECTIONS = 2;
const CONNECT_MS = 10_000;
const SILENCE_MS = 20_000;

const isLoopback = (host: string) => /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(host);

/** What the transport is opened with: never in the clear but on this very machine. */
export function transportOptions(smtpUrl: string) {
  const { protocol, hostname, port, username, password } = new URL(smtpUrl);
  const secure = protocol === 'smtps:';
  const local = isLoopback(hostname);
  const auth = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && !local,
    // A certificate names no loopback address.
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: !local },
    ...(username === '' ? {} : { auth }),
    pool: true,
    maxConnections: MOST_CONNECTIONS,
    // We repeat ourselves, by what is stored: a message that is put again into the pool may be sent twice.
    maxRequeues: 0,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as const;
}

/** The address mails come from: what settings say, else the user of SMTP_URL; null where that is no address. */
export function senderOf(smtpUrl: string, from: string | null): string | null {
  const user = decodeURIComponent(new URL(smtpUrl).username);
  return from ?? (user.includes('@') ? user : null);
}

export function openMailTransport(smtpUrl: string): MailTransport {
  const transport = createTransport(transportOptions(smtpUrl));
  return {
    async send({ stopUrl, ...message }) {
      try {
        await transport.sendMail({ ...message, ...headersOf(stopUrl) });
        return { state: 'sent' };
      } catch (error) {
        return outcomeOf(error);
      }
    },
    async verify() {
      try {
        await transport.verify();
        return null;
      } catch (error) {
        return shownCode(error);
      }
    },
    close: () => transport.close(),
  };
}

/** RFC 8058: a program stops it with one POST, so the address must be https; a person may open any other. */
function headersOf(stopUrl: string | null) {
  const isOneClick = stopUrl?.startsWith('https:') === true;
  return {
    headers: {
      'Auto-Submitted': 'auto-generated',
      ...(isOneClick ? { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {}),
    },
    ...(stopUrl === null ? {} : { list: { unsubscribe: stopUrl } }),
  };
}

const ABOUT_MESSAGE = new Set(['EENVELOPE', 'EMESSAGE']);
const REFUSED = 500;

function outcomeOf(error: unknown): SendOutcome {
  const { code, responseCode } = named(error);
  const isServer = code === null || !ABOUT_MESSAGE.has(code);
  const shown = shownCode(error);
  // A password that is refused is mended by a person, and the message can wait for that.
  return !isServer && responseCode !== null && responseCode >= REFUSED
    ? { state: 'refused', error: shown }
    : { state: 'deferred', error: shown, isServer };
}

function shownCode(error: unknown): string {
  const { code, responseCode } = named(error);
  return responseCode === null ? (code ?? 'unknown') : `smtp_${responseCode}`;
}

function named(error: unknown): { code: string | null; responseCode: number | null } {
  const has = (name: string): unknown =>
    error instanceof Error ? Object.getOwnPropertyDescriptor(error, name)?.value : undefined;
  const [code, responseCode] = [has('code'), has('responseCode')];
  return {
    code: typeof code === 'string' ? code : null,
    responseCode: typeof responseCode === 'number' ? responseCode : null,
  };
}
