/** Text of the worker program in an artifact, as `runtime/services/passwords/worker-source.ts` has it. */
export const workerSource = (): string | undefined => undefined;
