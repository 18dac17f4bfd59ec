/** Who may suspend, and because of what: colours of functions and calls over a whole program. */
import type { HostManifest } from '../../../runtime/contract/host.ts';
import type { AnyCall, Chunk, FunctionBody, FunctionLike, GenericFor, Offset } from '../ast.ts';
import type { Resolution } from '../resolve.ts';

/** `suspends`: a call of it returns an `Activation`; `plain`: never. */
export type Colour = 'plain' | 'suspends';

/** One link of the chain from a function to the primitive that suspends. */
export interface Step {
  readonly chunk: Chunk;
  readonly at: Offset;
  readonly line: number;
  readonly what:
    | 'waits'
    | 'yields'
    | 'resumes'
    | 'calls'
    | 'calls back'
    | 'iterates'
    | 'event'
    | 'requires'
    | 'unknown code';
  /** Name of the host function, the called function, or the event (`__index`). */
  readonly name: string;
}

export interface Verdict {
  readonly colour: Colour;
  /** May wait for the host. */
  readonly waits: boolean;
  /** May yield to the resumer of its coroutine. */
  readonly yields: boolean;
  /** From this function down to the primitive; empty when plain. */
  readonly because: readonly Step[];
}

/** `suspends`: the call always returns an Activation; `maybe`: test the result; `plain`: it never is one. */
export type CallColour = 'plain' | 'suspends' | 'maybe';

export interface Analysis {
  /** Every function and chunk of the program. */
  readonly functions: ReadonlyMap<FunctionLike, Verdict>;
  /** Every call; for `GenericFor` the call of the iterator. */
  readonly calls: ReadonlyMap<AnyCall | GenericFor, CallColour>;
  /** Metamethods (`__index`, `__add`, …) whose handlers may suspend; then the operations need a test. Mostly empty. */
  readonly events: ReadonlySet<string>;
  /** The one function a call reaches, where that is certain (a local that is written once). */
  readonly callees: ReadonlyMap<AnyCall, FunctionBody>;
  /** Functions whose value is never seen: every use of their local is the callee of a call. */
  readonly directOnly: ReadonlySet<FunctionBody>;
}

export interface ProgramFile {
  readonly chunk: Chunk;
  readonly resolution: Resolution;
  /** Names under which `require` finds this file. */
  readonly modules: readonly string[];
}

export interface AnalyseOptions {
  /** For `load`: other code exists that this analysis does not see; `events` are those of the program around it. */
  readonly open?: { readonly events: ReadonlySet<string> };
}

/** Colours a whole program. Sound: whatever can suspend is coloured, as far as the manifest tells the truth. */
export declare function analyse(
  files: readonly ProgramFile[],
  manifest: HostManifest,
  options?: AnalyseOptions,
): Analysis;
