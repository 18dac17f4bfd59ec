/** The socket of a connection: what comes from it is counted, and it can be broken off. */
import type { Duplex } from 'node:stream';
import { SqlError } from './types.ts';

/** Of one answer, roughly as it lies in memory: scripts hold it as a whole. */
const MOST_ANSWER_BYTES = 64 * 1024 * 1024;
const BYTES_PER_CELL = 32;

export class Wire {
  private stream: Duplex | undefined;
  private size = 0;

  /** With TLS what is counted is the clear text: give the stream that the driver reads from. */
  watch(stream: Duplex): void {
    this.stream = stream;
    stream.on('data', (chunk: Uint8Array) => this.count(chunk.length));
  }

  /** A statement begins; those before it do not count. */
  begin(): void {
    this.size = 0;
  }

  /** A value has been read. */
  addCell(): void {
    this.count(BYTES_PER_CELL);
  }

  /** Whoever waits for an answer gets this error. */
  breakOff(reason: string): void {
    this.stream?.destroy(new SqlError(reason));
  }

  private count(bytes: number): void {
    this.size += bytes;
    if (this.size > MOST_ANSWER_BYTES) this.breakOff(`the result has more than ${MOST_ANSWER_BYTES} bytes`);
  }
}
