/** One kept-alive connection with one request under way: as little work per request as a load generator can have. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  /** Status line and headers. */
  readonly head: string;
  readonly body: string;
}

const END_OF_HEAD = '\r\n\r\n';
const CLOSED = new Error('the server closed the connection');

export class Connection {
  readonly #socket: Socket;
  #received = '';
  #settle: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket.setNoDelay().setEncoding('latin1');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', (error) => this.#settle?.reject(error));
    socket.on('close', () => this.#settle?.reject(CLOSED));
  }

  /** Connects to a port of this machine. */
  static async open(port: number): Promise<Connection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new Connection(socket);
  }

  send(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(CLOSED);
      this.#settle = { resolve, reject };
      this.#socket.write(request, 'latin1');
    });
  }

  close(): void {
    this.#settle = undefined;
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#received += text;
    const end = this.#received.indexOf(END_OF_HEAD);
    if (end < 0) return;
    const head = this.#received.slice(0, end);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1]);
    if (Number.isNaN(length)) {
      this.#settle?.reject(new Error(`no length in the answer:\n${head}`));
      return;
    }
    const start = end + END_OF_HEAD.length;
    if (this.#received.length < start + length) return;
    const body = this.#received.slice(start, start + length);
    this.#received = '';
    this.#settle?.resolve({ status: Number(head.slice(9, 12)), head, body });
  }
}
