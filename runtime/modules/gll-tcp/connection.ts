/** A TCP connection that scripts read from and write to, each call within a timeout. */
import type { Socket } from 'node:net';
import { BufferedReader, fromBuffer, raise, type Steps, toBuffer, waitFor } from '../../host/index.ts';
import { joinHostPort } from '../go/dial.ts';
import { errorCode, reasonOfCode } from '../go/file-errors.ts';
import { closeWhenForgotten, isClosed } from '../go/forgotten.ts';

/** Seconds; scripts read and assign them. */
export interface Timeouts {
  dialTimeout: number;
  readTimeout: number;
  writeTimeout: number;
  closeTimeout: number;
}

/** What reading or writing ended with; `message` is the text after the addresses. */
export class ConnectionError extends Error {}

const CLOSED = 'use of closed network connection';
const LONGEST_MS = 2 ** 31 - 1;

/** The socket as a source of bytes on demand. Knows nothing of the script, which may forget it. */
class SocketBytes {
  readonly socket: Socket;
  private failure: Error | undefined;
  private wake: (() => void) | undefined;
  isShut = false;

  constructor(socket: Socket) {
    this.socket = socket;
    const wake = (): void => this.wake?.();
    // A connection that nobody waits for does not keep a process from ending.
    socket.unref();
    socket.on('readable', wake).on('end', wake).on('close', wake);
    socket.on('error', (error) => {
      this.failure = error;
      wake();
    });
  }

  /** At least a byte; undefined at the end. Throws `ConnectionError`. */
  async pull(most: number, deadline: number): Promise<Buffer | undefined> {
    for (;;) {
      if (this.isShut) throw new ConnectionError(CLOSED);
      const bytes = this.taken(most);
      if (bytes !== undefined) return bytes;
      if (this.failure !== undefined) throw failureOf(this.failure);
      if (this.socket.readableEnded || this.socket.destroyed) return undefined;
      await this.changed(deadline);
    }
  }

  private taken(most: number): Buffer | undefined {
    const available = Math.min(most, this.socket.readableLength);
    // Reading nothing is what makes an ended socket say so.
    const bytes: Buffer | null = this.socket.read(available === 0 ? undefined : available);
    return bytes === null ? undefined : bytes;
  }

  private changed(deadline: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (settle: () => void): void => {
        this.wake = undefined;
        clearTimeout(timer);
        settle();
      };
      const left = Math.max(0, Math.min(deadline - Date.now(), LONGEST_MS));
      const timer = setTimeout(() => done(() => reject(new ConnectionError('i/o timeout'))), left);
      this.wake = () => done(resolve);
    });
  }

  push(bytes: string, timeoutMs: number): Promise<void> {
    if (this.isShut) return Promise.reject(new ConnectionError(CLOSED));
    return new Promise((resolve, reject) => {
      const limit = Math.min(Math.max(timeoutMs, 0), LONGEST_MS);
      const timer = setTimeout(() => reject(new ConnectionError('i/o timeout')), limit);
      this.socket.write(toBuffer(bytes), (error) => {
        clearTimeout(timer);
        if (error) reject(failureOf(error));
        else resolve();
      });
    });
  }

  shut(): void {
    this.isShut = true;
    this.socket.end();
    this.socket.resume();
    this.wake?.();
  }
}

function failureOf(error: Error): ConnectionError {
  const code = errorCode(error);
  if (code === undefined) return new ConnectionError(error.message);
  return new ConnectionError(code === 'ERR_STREAM_DESTROYED' ? CLOSED : reasonOfCode(code));
}

export class TcpConnection {
  readonly timeouts: Timeouts;
  readonly reader: BufferedReader;
  private readonly bytes: SocketBytes;
  private readonly addresses: string;
  private deadline = 0;

  constructor(socket: Socket, timeouts: Timeouts) {
    this.timeouts = timeouts;
    const bytes = new SocketBytes(socket);
    this.bytes = bytes;
    const { localAddress = '', localPort = 0, remoteAddress = '', remotePort = 0 } = socket;
    this.addresses = `${joinHostPort(localAddress, localPort)}->${joinHostPort(remoteAddress, remotePort)}`;
    this.reader = new BufferedReader({ pull: (most) => this.pullNow(most) });
    closeWhenForgotten(this, () => bytes.socket.destroy());
  }

  /** Reading from here on has the read timeout. */
  startReading(): void {
    this.deadline = Date.now() + this.timeouts.readTimeout * 1000;
  }

  /** For other modules that read from the connection. */
  *pull(most: number): Steps<string | undefined> {
    this.startReading();
    return yield* this.reader.pull(most);
  }

  private *pullNow(most: number): Steps<string | undefined> {
    const bytes = yield* this.attempt('read', this.bytes.pull(most, this.deadline));
    return bytes === undefined ? undefined : fromBuffer(bytes);
  }

  /** For other modules that write to the connection. */
  *push(bytes: string): Steps<void> {
    yield* this.attempt('write', this.write(bytes));
  }

  /** Rejects with `ConnectionError`. */
  write(bytes: string): Promise<void> {
    return this.bytes.push(bytes, this.timeouts.writeTimeout * 1000);
  }

  describe(operation: string, error: ConnectionError): string {
    return `${operation} tcp ${this.addresses}: ${error.message}`;
  }

  private *attempt<T>(operation: string, promise: Promise<T>): Steps<T> {
    try {
      return yield* waitFor(promise);
    } catch (thrown) {
      if (thrown instanceof ConnectionError) return raise(this.describe(operation, thrown));
      throw thrown;
    }
  }

  *close(): Steps<void> {
    if (this.bytes.isShut) raise(this.describe('close', new ConnectionError(CLOSED)));
    isClosed(this);
    this.bytes.shut();
    const { socket } = this.bytes;
    const timer = setTimeout(() => socket.destroy(), Math.min(this.timeouts.closeTimeout * 1000, LONGEST_MS));
    timer.unref();
    socket.once('close', () => clearTimeout(timer));
  }
}
