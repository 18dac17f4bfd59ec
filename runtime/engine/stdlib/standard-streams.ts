/** Standard input, output and error as scripts see them. */
import { readSync, writeSync } from 'node:fs';
import { fromBuffer, toBuffer } from '../bytes.ts';
import { writeOutput } from '../output.ts';
import { ByteStream } from './byte-stream.ts';
import { BAD_DESCRIPTOR } from './c-error.ts';
import { systemAccess } from './system.ts';

const STDIN = 0;
const STDERR = 2;
const block = new Uint8Array(1 << 16);

/** The input of the process, or nothing at all where scripts do not own it. */
export class StandardInput extends ByteStream {
  protected override readBlock(): string {
    if (systemAccess().input === 'empty') return '';
    try {
      return fromBuffer(block.subarray(0, readSync(STDIN, block, 0, block.length, null)));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EOF') return '';
      throw error;
    }
  }

  protected override writeBlock(): void {
    throw BAD_DESCRIPTOR;
  }

  protected override release(): void {}
}

/** Where `print` writes too; nothing is held back, so that the two stay in order. */
export class StandardOutput extends ByteStream {
  override write(bytes: string): void {
    if (bytes !== '') writeOutput(bytes);
  }

  protected override readBlock(): string {
    throw BAD_DESCRIPTOR;
  }

  protected override writeBlock(): void {}

  protected override release(): void {}
}

export class StandardError extends ByteStream {
  override write(bytes: string): void {
    if (bytes !== '') writeSync(STDERR, toBuffer(bytes));
  }

  protected override readBlock(): string {
    throw BAD_DESCRIPTOR;
  }

  protected override writeBlock(): void {}

  protected override release(): void {}
}
