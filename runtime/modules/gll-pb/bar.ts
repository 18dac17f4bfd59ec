/** A progress bar: counts, and writes a line about it now and then. */
import type { Element, Template } from './template.ts';

/** Columns of a line where no terminal says how many it has. */
const COLUMNS = 100;
const LEAST_PAUSE_MS = 20;

export interface BarSettings {
  template: Template;
  /** Milliseconds between two lines. */
  refreshMs: number;
  toStdout: boolean;
}

export class Bar {
  readonly settings: BarSettings;
  private readonly total: number;
  private current = 0;
  private started = performance.now();
  private written = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(total: number, settings: BarSettings) {
    this.total = total;
    this.settings = settings;
  }

  start(): void {
    this.stop();
    this.current = 0;
    this.started = performance.now();
    // A bar that no script has any more writes no more.
    const reference = new WeakRef(this);
    const timer = setInterval(
      () => {
        const bar = reference.deref();
        if (bar === undefined) clearInterval(timer);
        else bar.write('');
      },
      Math.max(this.settings.refreshMs, LEAST_PAUSE_MS),
    );
    this.timer = timer.unref();
  }

  increment(): void {
    this.current += 1;
  }

  /** Writes a last line, if the bar runs. */
  finish(): void {
    if (this.timer !== undefined) this.write('\n');
    this.stop();
  }

  /** The line as it is now. */
  line(): string {
    const seconds = Math.max((performance.now() - this.started) / 1000, 0);
    const shown = this.settings.template.map((part) => (typeof part === 'string' ? part : this.show(part, seconds)));
    const others = shown.reduce((sum, text) => sum + (text ?? '').length, 0);
    return shown.map((text) => text ?? this.drawing(COLUMNS - others)).join('');
  }

  private stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private write(end: string): void {
    this.written += 1;
    const stream = this.settings.toStdout ? process.stdout : process.stderr;
    stream.write(Buffer.from(`\r${this.line()}${end}`, 'latin1'));
  }

  /** Undefined for the bar itself, which takes what the others leave. */
  private show({ name, texts }: Element, seconds: number): string | undefined {
    const { current, total } = this;
    switch (name) {
      case 'counters':
        return total > 0 ? `${current} / ${total}` : String(current);
      case 'percent':
        return total > 0 ? `${((current * 100) / total).toFixed(2)}%` : '?%';
      case 'speed':
        return current > 0 && seconds > 0 ? `${Math.round(current / seconds)} p/s` : '? p/s';
      case 'etime':
        return inSeconds(texts[0] ?? '%s', seconds);
      case 'rtime':
        return this.remaining(texts[0] ?? '%s', seconds);
      case 'cycle':
        return texts.length === 0 ? '' : texts[this.written % texts.length]!;
      case 'bar':
        return undefined;
      default:
        // Values for `string` cannot be set from Lua.
        return '';
    }
  }

  private remaining(format: string, seconds: number): string {
    const { current, total } = this;
    if (total > 0 && current >= total) return inSeconds('%s', seconds);
    return current > 0 && total > 0 ? inSeconds(format, (seconds * (total - current)) / current) : '?';
  }

  private drawing(width: number): string {
    const inner = Math.max(width - 2, 1);
    const share = this.total > 0 ? Math.min(this.current / this.total, 1) : 0;
    const done = Math.round(inner * share);
    const head = done > 0 && done < inner ? '>' : '';
    return `[${'-'.repeat(done - head.length)}${head}${'_'.repeat(inner - done)}]`;
  }
}

function inSeconds(format: string, seconds: number): string {
  return format.replace('%s', `${Math.round(seconds)}s`);
}
