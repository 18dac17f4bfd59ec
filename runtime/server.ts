/** The running server: wires configuration, services, scripts, pipeline and HTTP, and swaps generations. */
import type { Config } from './config/index.ts';
import type { CompiledProgram } from './contract/scripts.ts';
import type { Loader } from './engine/load.ts';
import type { OpenedServices } from './services/index.ts';

export interface ServerOptions {
  readonly config: Config;
  readonly program: CompiledProgram;
  /** Compiles for `load`/`loadstring`; the runtime never imports the compiler. */
  readonly loader: Loader;
  /** Given by tests; otherwise opened from the configuration and closed with the server. */
  readonly services?: OpenedServices;
}

export interface Server {
  /** Runs the init script, then listens on `server.address`; rejects when the address cannot be bound. */
  listen(): Promise<void>;
  /** `host:port` it listens on, with the real port when 0 was configured; undefined before `listen`. */
  readonly address: string | undefined;
  /** Stops accepting, lets running requests and queued post actions finish (bounded), closes the services. */
  close(): Promise<void>;
  /** Takes over new scripts (and configuration) between two requests; running ones keep what they started with. */
  swap(next: { readonly program: CompiledProgram; readonly config?: Config }): void;
}
