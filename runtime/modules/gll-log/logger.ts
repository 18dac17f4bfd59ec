/** Lines with a prefix and a time, to the output of the script or the end of a file. */
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { currentCall, toBuffer, toUtf8String, writeOutput } from '../../host/index.ts';
import { fileFailure } from '../go/file-errors.ts';
import { closeWhenForgotten, isClosed } from '../go/forgotten.ts';

export interface Flags {
  readonly date: boolean;
  readonly time: boolean;
  readonly microseconds: boolean;
  readonly utc: boolean;
  readonly longfile: boolean;
}

export const NO_FLAGS: Flags = { date: false, time: false, microseconds: false, utc: false, longfile: false };

const STDERR = 2;
/** Opening a named pipe that nobody reads must fail rather than stop the server. */
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

/** A file opened for its end; held apart from the logger, which may be forgotten. */
interface LogFile {
  readonly path: string;
  /** undefined between scripts, too: a logger that is used by another one opens it again. */
  descriptor: number | undefined;
  /** By the script itself. */
  isClosed: boolean;
  /** Says that its script need not close it any more. */
  leave: () => void;
}

/** For as long as the script runs that opens it. Throws Node's error. */
function open(file: LogFile): void {
  const descriptor = openSync(toUtf8String(file.path), APPEND, 0o644);
  file.descriptor = descriptor;
  file.leave = currentCall().closeAtEnd(() => {
    if (file.descriptor === descriptor) shut(file);
  });
}

function shut(file: LogFile): void {
  const { descriptor } = file;
  file.descriptor = undefined;
  file.leave();
  if (descriptor !== undefined) closeSync(descriptor);
}

export class Logger {
  prefix: string;
  flags: Flags;
  private output: 'stdout' | 'stderr' | 'nowhere' | LogFile = 'stdout';

  constructor(prefix: string, flags: Flags) {
    this.prefix = prefix;
    this.flags = flags;
  }

  /** Returns why it cannot; the old output is closed even then, as in the reference. */
  setOutput(name: string): string | undefined {
    this.leaveFile();
    if (name === '-' || name === 'STDOUT') this.output = 'stdout';
    else if (name === 'STDERR') this.output = 'stderr';
    else return this.openFile(name);
    return undefined;
  }

  /** What is written is lost, without a file that would have to be closed. */
  silence(): void {
    this.leaveFile();
    this.output = 'nowhere';
  }

  private openFile(path: string): string | undefined {
    try {
      const file: LogFile = { path, descriptor: undefined, isClosed: false, leave: () => {} };
      open(file);
      this.output = file;
      closeWhenForgotten(this, () => shut(file));
      return undefined;
    } catch (thrown) {
      return fileFailure(thrown, 'open', path);
    }
  }

  private leaveFile(): void {
    if (typeof this.output !== 'object') return;
    isClosed(this);
    this.output.isClosed = true;
    shut(this.output);
  }

  close(): string | undefined {
    if (typeof this.output !== 'object') return undefined;
    if (this.output.isClosed) return `close ${this.output.path}: file already closed`;
    this.leaveFile();
    return undefined;
  }

  /** `position` is where the script stands, as in error messages: `file.lua:1: `. */
  line(text: string, position: () => string): void {
    const head = this.prefix + timeText(this.flags, new Date()) + (this.flags.longfile ? position() : '');
    this.write(text.endsWith('\n') ? head + text : `${head}${text}\n`);
  }

  /** What cannot be written is lost without a word, as in the reference. */
  private write(bytes: string): void {
    if (this.output === 'stdout') writeOutput(bytes);
    else if (this.output !== 'nowhere') {
      try {
        const descriptor = this.output === 'stderr' ? STDERR : openAgain(this.output);
        if (descriptor !== undefined) writeSync(descriptor, toBuffer(bytes));
      } catch (thrown) {
        fileFailure(thrown, 'write', '');
      }
    }
  }
}

function openAgain(file: LogFile): number | undefined {
  if (file.descriptor === undefined && !file.isClosed) open(file);
  return file.descriptor;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function timeText(flags: Flags, now: Date): string {
  const at = flags.utc ? now : new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  let text = '';
  if (flags.date) text += `${at.getUTCFullYear()}/${two(at.getUTCMonth() + 1)}/${two(at.getUTCDate())} `;
  if (flags.time || flags.microseconds) {
    text += `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
    if (flags.microseconds) text += `.${String(at.getUTCMilliseconds()).padStart(3, '0')}000`;
    text += ' ';
  }
  return text;
}
