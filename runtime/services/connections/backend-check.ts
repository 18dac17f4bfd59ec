/**
 * Is a mail server alive? The probe of backend monitoring and of `check_backend_connection` (server.md 5.4, lua-api.md
 * 5.5): connect, greet a proxy-aware server, shake hands, and if wanted listen to what the server says first.
 */
import type { Socket } from 'node:net';
import { DialError, type Endpoint, nameOf, openTcp, PROXY_LOCAL, readLines, startTls } from './dial.ts';

export interface BackendTarget extends Endpoint {
  /** The server expects a PROXY protocol header. */
  readonly haproxyV2: boolean;
  /** TLS from the first byte on; certificates are not judged. */
  readonly tls: boolean;
  /**
   * Wait for the greeting of this protocol and judge it: `imap`, `pop3`, `smtp`, `submission`, `lmtp`, `sieve`, also with
   * a final `s`. Without it, and for other names, a server that accepts the connection is alive.
   */
  readonly deepCheck?: string;
}

/** Why the server is not alive, in the words of the reference; undefined when it is. Never rejects. */
export async function checkBackendServer(target: BackendTarget): Promise<string | undefined> {
  let socket: Socket | undefined;
  try {
    socket = await openTcp(target);
    if (target.haproxyV2) socket.write(PROXY_LOCAL);
    if (target.tls) socket = await startTls(socket, target);
    const dialogue = DIALOGUES[target.deepCheck?.toLowerCase() ?? ''];
    if (dialogue !== undefined) await listen(socket, target, dialogue);
    leave(socket);
    return undefined;
  } catch (error) {
    socket?.destroy();
    if (error instanceof DialError) return error.message;
    throw error;
  }
}

interface Dialogue {
  /** The line that ends the greeting, good or bad. */
  readonly last: RegExp;
  readonly good: RegExp;
  /** Says goodbye, so that the server logs no broken connection. */
  readonly quit: string;
}

/** RFC 9051 section 7.1. */
const IMAP: Dialogue = { last: /^\* /, good: /^\* (?:OK|PREAUTH)(?: |$)/i, quit: 'a1 LOGOUT\r\n' };
/** RFC 1939 section 4. */
const POP3: Dialogue = { last: /^/, good: /^\+OK(?: |$)/i, quit: 'QUIT\r\n' };
/** RFC 5321 section 4.2 and RFC 2033; further lines have a hyphen after the code. */
const SMTP: Dialogue = { last: /^(?!\d\d\d-)/, good: /^220(?: |$)/, quit: 'QUIT\r\n' };
/** RFC 5804 section 1.2: capabilities, then a response. */
const SIEVE: Dialogue = { last: /^(?:OK|NO|BYE)(?: |$)/i, good: /^OK/i, quit: 'LOGOUT\r\n' };

const DIALOGUES: Readonly<Record<string, Dialogue>> = {
  imap: IMAP,
  imaps: IMAP,
  pop3: POP3,
  pop3s: POP3,
  smtp: SMTP,
  smtps: SMTP,
  submission: SMTP,
  submissions: SMTP,
  lmtp: SMTP,
  lmtps: SMTP,
  sieve: SIEVE,
  sieves: SIEVE,
};

async function listen(socket: Socket, target: BackendTarget, { last, good, quit }: Dialogue): Promise<void> {
  const lines = await readLines(socket, target, (line) => last.test(line));
  const final = lines[lines.length - 1] ?? '';
  if (!good.test(final)) throw new DialError(`${nameOf(target)}: unexpected greeting: ${printable(final)}`);
  socket.write(quit);
}

function printable(line: string): string {
  return line.slice(0, 200).replace(/[^\x20-\x7e]/g, '?');
}

/** Closes in order; a peer that does not answer is not waited for. */
function leave(socket: Socket): void {
  socket.resume();
  socket.end();
  setTimeout(() => socket.destroy(), 1000).unref();
}
