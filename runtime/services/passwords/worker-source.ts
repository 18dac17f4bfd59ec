/**
 * Text of the worker program as one CommonJS script. The build replaces this module by one that holds the bundled
 * `worker.ts`, so that the artifact stays a single file; from sources there is no text and the file itself is started.
 */
export const workerSource = (): string | undefined => undefined;
