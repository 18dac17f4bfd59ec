/** Sending a text message over SMTP or LMTP (RFC 5321, RFC 2033), with TLS and AUTH; one connection for each message. */
import { isIP } from 'node:net';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Secret } from '../../config/index.ts';
import type { Clock } from '../clock.ts';
import { networkText } from '../network-text.ts';
import { type Address, AddressError, parseAddress } from './address.ts';
import { buildMessage, type Message } from './message.ts';

export interface Mail {
  /** Host name or address of the mail server. */
  readonly server: string;
  readonly port: number;
  /** `tls`: from the first byte; `starttls`: nothing but STARTTLS before TLS; both verify the certificate. */
  readonly security: 'none' | 'tls' | 'starttls';
  readonly protocol: 'smtp' | 'lmtp';
  /** Name for EHLO or LHLO; localhost if empty. */
  readonly heloName: string;
  /** SMTP only: authenticate with them. */
  readonly credentials: { readonly username: string; readonly password: Secret } | undefined;
  /** Address with or without a display name. */
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly body: Buffer;
}

/** The message was not delivered, or not to all; the message is meant for the script and names nothing secret. */
export class MailError extends Error {}

export interface MailService {
  /**
   * Delivers to every recipient that the server takes. Rejects with MailError: before anything is sent for unusable
   * addresses and texts, otherwise with the server's first refusal, or why there was no answer.
   */
  send(mail: Mail): Promise<void>;
}

export interface MailBase {
  readonly clock: Clock;
  /** Certificates of authorities (PEM) instead of the system's. */
  readonly authorities?: string | undefined;
  readonly limits?: Partial<MailLimits> | undefined;
}

/** Milliseconds. */
interface MailLimits {
  readonly connect: number;
  /** Without a byte from the server. */
  readonly silence: number;
  readonly altogether: number;
}

const LIMITS: MailLimits = { connect: 10_000, silence: 30_000, altogether: 120_000 };

export function createMail({ clock, authorities, limits }: MailBase): MailService {
  const limit = { ...LIMITS, ...limits };
  return {
    send: async (mail) => {
      const message = await prepare(mail, clock);
      const connection = await openConnection(mail, authorities, limit);
      const cancel = clock.after(limit.altogether, () => connection.emit('error', new Error('i/o timeout')));
      try {
        await converse(connection, mail, message);
      } finally {
        cancel();
        connection.close();
      }
    },
  };
}

async function prepare(mail: Mail, clock: Clock): Promise<Message> {
  const from = readAddress(mail.from, 'From');
  const to = mail.to.map((each) => readAddress(each, 'To'));
  if (to.length === 0) throw new MailError('invalid To address: mail: no address');
  refuseBreaks('subject', mail.subject);
  refuseBreaks('server', mail.server);
  if (!/^[\x21-\x7e]*$/.test(mail.heloName)) throw new MailError("'helo_name' must be a host name");
  if (!(mail.port >= 1 && mail.port <= 65_535)) throw new MailError(`dial tcp: address ${mail.port}: invalid port`);
  if (mail.credentials !== undefined && mail.security === 'none' && !isLocal(mail.server)) {
    throw new MailError('unencrypted connection');
  }
  return buildMessage({ from, to, subject: mail.subject, body: mail.body, date: new Date(clock.now()) });
}

function readAddress(text: string, header: string): Address {
  try {
    return parseAddress(text);
  } catch (error) {
    if (error instanceof AddressError) throw new MailError(`invalid ${header} address: ${error.message}`);
    throw error;
  }
}

/** A line break would begin a header of its own. */
function refuseBreaks(field: string, text: string): void {
  if (/[\r\n\0]/.test(text)) throw new MailError(`'${field}' must not contain line breaks`);
}

function isLocal(server: string): boolean {
  return ['localhost', '127.0.0.1', '::1'].includes(server);
}

async function openConnection(mail: Mail, authorities: string | undefined, limit: MailLimits): Promise<SMTPConnection> {
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  return new Connection({
    host: mail.server,
    port: mail.port,
    secure: mail.security === 'tls',
    requireTLS: mail.security === 'starttls',
    ignoreTLS: mail.security === 'none',
    lmtp: mail.protocol === 'lmtp',
    name: mail.heloName === '' ? 'localhost' : mail.heloName,
    connectionTimeout: limit.connect,
    dnsTimeout: limit.connect,
    greetingTimeout: limit.silence,
    socketTimeout: limit.silence,
    socketCloseTimeout: 1000,
    allowInternalNetworkInterfaces: true,
    tls: {
      minVersion: 'TLSv1.2',
      ...(authorities === undefined ? {} : { ca: authorities }),
      ...(isIP(mail.server) === 0 ? { servername: mail.server } : {}),
    },
  });
}

/** The conversation; an error of the connection ends it wherever it is. */
async function converse(connection: SMTPConnection, mail: Mail, message: Message): Promise<void> {
  const target = isIP(mail.server) === 6 ? `[${mail.server}]:${mail.port}` : `${mail.server}:${mail.port}`;
  const broken = new Promise<never>((_, reject) => void connection.on('error', reject));
  // The connection may break when nobody waits any more.
  broken.catch(() => undefined);
  const step = <T>(run: (done: (error: unknown, value?: T) => void) => void): Promise<T | undefined> =>
    Promise.race([
      broken,
      new Promise<T | undefined>((resolve, reject) => {
        run((error, value) => (error ? reject(error) : resolve(value)));
      }),
    ]);
  try {
    await step((done) => connection.connect((error) => done(error)));
    refuseBeyondAscii([message.from, ...message.to], connection.lastServerResponse || '');
    if (mail.credentials !== undefined && mail.protocol === 'smtp') {
      const auth = { user: mail.credentials.username, pass: mail.credentials.password.reveal() };
      await step((done) => connection.login(auth, done));
    }
    const envelope = { from: message.from, to: [...message.to], use8BitMime: false, size: message.content.length };
    const sent = await step<{ rejectedErrors?: readonly Error[] | undefined }>((done) =>
      connection.send(envelope, message.content, done),
    );
    connection.quit();
    refuse(sent?.rejectedErrors ?? [], message.to.length > 1);
  } catch (error) {
    if (error instanceof MailError) throw error;
    throw new MailError(describe(error, target, mail));
  }
}

/** RFC 6531 section 3.2: such addresses are only for servers whose answer to EHLO has SMTPUTF8; the library sends them to any. */
function refuseBeyondAscii(addresses: readonly string[], greeting: string): void {
  const beyond = addresses.find((address) => /[^\u0020-\u007e]/.test(address));
  if (beyond === undefined || /^250[- ]SMTPUTF8\b/im.test(greeting)) return;
  throw new MailError(`the server does not take addresses beyond ASCII: ${beyond}`);
}

/** Recipients that were refused while others were not, or not all of them. */
function refuse(errors: readonly Error[], hasOthers: boolean): void {
  if (errors.length === 0) return;
  const texts = errors.map((error) => {
    const recipient = hasOthers && 'recipient' in error ? ` (${String(error.recipient)})` : '';
    return `${replyOf(error) ?? error.message}${recipient}`;
  });
  throw new MailError(texts.join('; '));
}

/** `550 5.1.1 unknown user`, on one line. */
function replyOf(error: Error): string | undefined {
  const reply = 'response' in error && typeof error.response === 'string' ? error.response : undefined;
  return reply?.replace(/\r?\n(?:\d{3}[- ])?/g, ' ').trim();
}

function describe(error: unknown, target: string, { credentials }: Mail): string {
  if (!(error instanceof Error)) return String(error);
  if ('rejectedErrors' in error && Array.isArray(error.rejectedErrors) && error.rejectedErrors.length > 1) {
    return error.rejectedErrors.map((each: Error) => replyOf(each) ?? each.message).join('; ');
  }
  const reply = replyOf(error);
  // A server could repeat in its answer what it was given.
  if (reply !== undefined) return credentials === undefined ? reply : withoutPassword(reply, credentials.password);
  return networkText(withSystemCode(error), target);
}

function withoutPassword(text: string, password: Secret): string {
  return password.reveal().length < 4 ? text : text.replaceAll(password.reveal(), String(password));
}

/** The library has codes of its own and keeps the system's aside. */
function withSystemCode(error: Error): Error {
  if (!('originalCode' in error)) return error;
  return Object.assign(new Error(error.message), { code: error.originalCode });
}
