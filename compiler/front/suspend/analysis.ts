/** What the suspension analysis finds out, as side tables keyed by nodes of the trees. */
import type { AnyCall, Chunk, FunctionBody, FunctionLike, GenericFor } from '../ast.ts';
import type { Step } from './sites.ts';

/** `suspends`: a call of it returns an `Activation`; `plain`: never. */
export type Colour = 'plain' | 'suspends';

export interface Verdict {
  readonly colour: Colour;
  /** May wait for the host. */
  readonly waits: boolean;
  /** May yield to the resumer of its coroutine. */
  readonly yields: boolean;
  /** From this function down to the primitive; empty when plain. */
  readonly because: readonly Step[];
}

/**
 * `suspends`: what is called waits itself, a function of the host for example; `maybe`: something behind it may; `plain`: the
 * result never is an Activation.
 */
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
  /** The only files of which this may say anything else than the analysis before; undefined: perhaps any. */
  readonly changed?: ReadonlySet<Chunk> | undefined;
}
