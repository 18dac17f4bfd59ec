/** A script that runs in a thread of its own, as often as it is started. */
import { MessageChannel } from 'node:worker_threads';
import { attempt, currentTask, type HostCall, raise } from '../../host/index.ts';
import { type Channel, ChannelError, type Parcel, type ScriptThread, TooManyThreads } from '../../services/index.ts';

export type PluginCode = { readonly source: string; readonly chunkName: string } | { readonly file: string };

interface Run {
  readonly thread: ScriptThread;
  /** Closed when the script has ended. */
  readonly done: Channel;
  failure: string | undefined;
  /** It has been told to end and will not be waited for. */
  isStopped: boolean;
}

export class Plugin {
  private readonly code: PluginCode;
  private readonly payload: string | undefined;
  private readonly args: readonly Parcel[];
  private run: Run | undefined;

  /** `payload` is a byte string. */
  constructor(code: PluginCode, payload: string | undefined, args: readonly Parcel[]) {
    this.code = code;
    this.payload = payload;
    this.args = args;
  }

  /** Raises an error where no thread can be started. */
  start({ services }: HostCall): void {
    if (this.isRunning && this.run?.isStopped === false) raise('the plugin is running already');
    const startThread = currentTask().loader?.startThread ?? raise('no thread can be started here');
    const { port1, port2 } = new MessageChannel();
    const thread = startOrRaise(() =>
      services.threads.run(() => startThread({ code: this.code, port: port2, payload: this.payload })),
    );
    services.channels.link(port1, this.args);
    const run: Run = { thread, done: services.channels.make(0), failure: undefined, isStopped: false };
    this.run = run;
    void thread.finished.then((failure) => {
      run.failure = failure;
      return services.channels.close(run.done).catch(ignoreClosed);
    });
  }

  /** Raises an error when it was never started. */
  stop(): void {
    const run = this.run ?? raise('cannot stop unstarted plugin');
    run.isStopped = true;
    run.thread.stop();
  }

  get isRunning(): boolean {
    return this.run?.thread.isRunning === true;
  }

  get failure(): string | undefined {
    return this.run?.failure;
  }

  /** Of the run that was started last. */
  get thread(): ScriptThread | undefined {
    return this.run?.thread;
  }

  get done(): Channel | undefined {
    return this.run?.done;
  }
}

function startOrRaise(start: () => ScriptThread): ScriptThread {
  return attempt([TooManyThreads], ({ message }) => raise(message), start);
}

/** A script may have closed it itself. */
function ignoreClosed(error: unknown): void {
  if (!(error instanceof ChannelError)) throw error;
}
