import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface TakenMail {
  readonly to: string;
  readonly isEncrypted: boolean;
  readonly user: string | null;
  /** Headers and body as they came. */
  readonly raw: string;
}
interface Login {
  readonly user: string;
  readonly password: string;
}

/** A mail server that keeps what it takes; `answer` gives an SMTP status by address, 250 when left out. */
export async function aMailServer({
  answer = () => 250,
  login = null,
}: {
  answer?: (to: string) => number;
  login?: Login | null;
} = {}) {
  const taken: TakenMail[] = [];
  const asked: string[] = [];
  const server = new SMTPServer({
    authOptional: login === null,
    // With a log-in it has STARTTLS with its own certificate, and takes no password in the clear.
    ...(login === null ? { disabledCommands: ['STARTTLS', 'AUTH'] } : {}),
    onAuth: ({ username, password }, _session, done) =>
      username === login?.user && password === login?.password
        ? done(null, { user: username })
        : done(new Error('wrong password')),
    onRcptTo({ address }, _session, done) {
      asked.push(address);
      const responseCode = answer(address);
      done(responseCode < 400 ? null : Object.assign(new Error('not now'), { responseCode }));
    },
    onData(stream, session, done) {
      let raw = '';
      stream.on('data', (part: Buffer) => {
        raw += part.toString();
      });
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address).join();
        taken.push({ to, isEncrypted: session.secure, user: session.user ?? null, raw });
        done(null);
      });
    },
  });
  server.on('error', () => undefined); // a client that hangs up is none of ours
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo; // a server on a port has one
  const user =
    login === null ? '' : `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@`;
  return {
    url: `smtp://${user}127.0.0.1:${port}`,
    taken,
    /** Every address that a client named, at every attempt. */
    asked,
    close: () => new Promise<void>((resolve) => server.close(resolve)),
  };
}

/** A part of a message as a reader sees it. */
export function partOf({ raw }: TakenMail, type: 'text/plain' | 'text/html'): string {
  const part = raw.split(/\r\n--/).find((one) => one.toLowerCase().includes(`content-type: ${type}`));
  const [head = '', ...body] = (part ?? '').split('\r\n\r\n');
  const text = body.join('\r\n\r\n');
  if (/base64/i.test(head)) return Buffer.from(text, 'base64').toString();
  if (!/quoted-printable/i.test(head)) return text;
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
