/**
 * What the scripts of one login share: their context, what they asked for, and the HTTP request they serve.
 *
 * Every text in here is a byte string as Lua has it (char codes 0-255); it becomes text only where it is logged or encoded.
 */

import type { Explanation } from './explanation.ts';
import type { ResponseDraft } from './response-draft.ts';
import type { TraceContext } from './trace-context.ts';

/** The HTTP request behind the login, kept for post actions that run after the answer. */
export interface RequestSnapshot {
  readonly method: string;
  readonly url: string;
  /** In the order received, names as sent, one entry per header line. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** The trace that the request belongs to. */
  readonly trace?: TraceContext | undefined;
}

/** A Lua value taken out of its environment: a deep copy without functions, metatables and identity. */
export type HostValue = null | boolean | number | string | HostTable;

/** A copied Lua table; keys are scalars, insertion order is the order in which Lua iterated. */
export type HostTable = ReadonlyMap<boolean | number | string, HostValue>;

/** One pair given to `custom_log_add`. */
export type CustomLog = readonly [key: string, value: boolean | number | string];

/** The mail server a filter chose with `select_backend_server`. */
export interface SelectedServer {
  readonly host: string;
  readonly port: number;
}

const NOTHING_ADDED: ReadonlyMap<string, HostValue> = new Map();
const NOTHING_REMOVED: ReadonlySet<string> = new Set();

/** Shared by all scripts of one login; `fork` gives one phase its own collecting part. */
export class ScriptState {
  /** Values of `nauthilus_context`; `undefined` where the phase has no store (listing accounts, adding TOTP). */
  readonly context: Map<string, HostValue> | undefined;
  /** `undefined` where no HTTP request is served (init). */
  readonly request: RequestSnapshot | undefined;
  /** Pairs for the final log line, in the order they were added. */
  readonly logs: CustomLog[] = [];
  /** Text of a rejection; the last one set wins. */
  statusMessage: string | undefined = undefined;
  selectedServer: SelectedServer | undefined = undefined;
  /** What scripts ask of the HTTP answer; most ask for nothing. */
  response: ResponseDraft | undefined = undefined;
  /** What stages and scripts tell of the login; undefined unless somebody has asked. */
  readonly explanation: Explanation | undefined;
  /** Made when they are needed, as most scripts change no attributes. */
  #added: Map<string, HostValue> | undefined = undefined;
  #removed: Set<string> | undefined = undefined;

  constructor(
    context: Map<string, HostValue> | undefined,
    request: RequestSnapshot | undefined,
    explanation?: Explanation | undefined,
  ) {
    this.context = context;
    this.request = request;
    this.explanation = explanation;
  }

  /** Attributes of applied backend results, later ones win. */
  get addedAttributes(): ReadonlyMap<string, HostValue> {
    return this.#added ?? NOTHING_ADDED;
  }

  get removedAttributes(): ReadonlySet<string> {
    return this.#removed ?? NOTHING_REMOVED;
  }

  addAttribute(name: string, value: HostValue): void {
    this.#added ??= new Map();
    this.#added.set(name, value);
  }

  removeAttribute(name: string): void {
    this.#removed ??= new Set();
    this.#removed.add(name);
  }

  /** None of the attributes is to be added any more. */
  dropAddedAttributes(): void {
    this.#added = undefined;
  }

  /** A state for one phase: same context and request, same status message, nothing collected yet. */
  fork(): ScriptState {
    const phase = new ScriptState(this.context, this.request, this.explanation);
    phase.statusMessage = this.statusMessage;
    return phase;
  }

  /** Take over what a phase collected; called when its scripts may take effect. */
  adopt(phase: ScriptState): void {
    this.logs.push(...phase.logs);
    this.statusMessage = phase.statusMessage;
    for (const [name, value] of phase.addedAttributes) this.addAttribute(name, value);
    for (const name of phase.removedAttributes) this.removeAttribute(name);
    this.selectedServer = phase.selectedServer ?? this.selectedServer;
    this.adoptResponse(phase);
  }

  /** Take over what a phase asked of the answer. */
  adoptResponse({ response }: ScriptState): void {
    if (response === undefined) return;
    if (this.response === undefined) this.response = response;
    else this.response.adopt(response);
  }
}
