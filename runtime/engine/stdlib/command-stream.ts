/** What a script writes to a command (`io.popen` with mode `w`). */
import { ByteStream } from './byte-stream.ts';
import { BAD_DESCRIPTOR } from './c-error.ts';
import { type CommandInput, runBlocking, startReader } from './commands.ts';
import { closeAtExit, forgetStream } from './open-streams.ts';
import type { SystemAccess } from './system.ts';

export class CommandOutput extends ByteStream {
  private readonly command: string;
  /** The running command; undefined where it runs at the end, on everything that was written. */
  private readonly running: CommandInput | undefined;
  private written = '';

  constructor(command: string, commands: SystemAccess['commands']) {
    super();
    this.command = command;
    this.running = commands === 'waiting' ? startReader(command) : undefined;
    closeAtExit(this);
  }

  protected override readBlock(): string {
    throw BAD_DESCRIPTOR;
  }

  protected override writeBlock(bytes: string): void {
    if (this.running === undefined) this.written += bytes;
    else this.running.write(bytes);
  }

  protected override release(): void {
    forgetStream(this);
    if (this.running === undefined) runBlocking(this.command, 'inherit', this.written);
    else this.running.end();
  }
}
