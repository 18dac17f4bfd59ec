/**
 * Declaring host modules: a function is described once and becomes a Lua function with argument checks, an entry of the
 * manifest (suspension analysis, stubs, reference pages), and a row of the availability table.
 */
import type { HostColour, HostField, HostFunction, HostResult, HostUserdata, ScriptClass } from '../contract/host.ts';
import { SCRIPT_CLASSES } from '../contract/host.ts';
import {
  type Activation,
  asHostError,
  defineLibrary,
  isActivation,
  type Library,
  type LuaFunction,
  type LuaResult,
  type LuaValue,
  nameBuiltin,
  resultsFrom,
  waitFor,
} from '../engine/api.ts';
import { currentCall, type HostCall } from './call.ts';
import type { Steps } from './drive.ts';
import type { Argument, Taken } from './signature.ts';
import { checkObject, type Enter, waitingAs, wrap } from './wrap.ts';

/** What an io implementation settles with: one value, or an array of any number of values. */
export type Outcome = LuaValue | readonly LuaValue[];

export interface Signature<A extends readonly Argument<unknown>[]> {
  /** One line for stubs and reference pages. */
  readonly doc: string;
  readonly args?: A;
  /** What documentation shows instead of `args`, for a function that looks at its arguments itself. */
  readonly shown?: readonly Argument<unknown>[];
  readonly returns?: readonly HostResult[];
  /** It asks for the code of functions that it is given (`portableCode`, `toParcel`). */
  readonly startsCode?: true;
}

/** A described host function before it has a name; `define` gives it the name of the field that holds it. */
export interface Declaration {
  readonly describe: (name: string) => HostFunction;
  readonly define: (name: string) => LuaFunction;
}

export type Declarations = Readonly<Record<string, Declaration>>;

// biome-ignore lint/suspicious/noExplicitAny: the parameters are what `Taken` says; only the wrapper calls it
type EnterCall = (call: HostCall, ...values: any[]) => LuaResult;

/** A function that never waits and needs nothing of the running script. */
export function pure<const A extends readonly Argument<unknown>[] = []>(
  signature: Signature<A>,
  run: (...values: Taken<A>) => LuaResult,
): Declaration {
  return declare('sync', signature, run);
}

/** A function that never waits. */
export function sync<const A extends readonly Argument<unknown>[] = []>(
  signature: Signature<A>,
  run: (call: HostCall, ...values: Taken<A>) => LuaResult,
): Declaration {
  return declare('sync', signature, enterSync(run, signature.args?.length ?? 0));
}

/** A function that calls functions it was given, and returns an activation exactly when one of them did. */
export function callback<const A extends readonly Argument<unknown>[] = []>(
  signature: Signature<A>,
  run: (...values: Taken<A>) => LuaResult,
): Declaration {
  return declareNamed('callback', signature, (name) => waitingAs(name, run));
}

/**
 * A function that waits exactly when something does that it was given before: a reader, a function in a table of options.
 * Unlike with `callback` the compiler cannot see at the call what that is.
 */
export function mayWait<const A extends readonly Argument<unknown>[] = []>(
  signature: Signature<A>,
  run: (...values: Taken<A>) => LuaResult,
): Declaration {
  return declareNamed('io', signature, (name) => waitingAs(name, run));
}

/**
 * A function that may wait for the host; arguments are checked at once, a rejection becomes a Lua error. What has to run
 * within the script's budget after a wait is written as steps (`yield* waitFor(promise)`), not behind an `await`.
 */
export function io<const A extends readonly Argument<unknown>[] = []>(
  signature: Signature<A>,
  run: (call: HostCall, ...values: Taken<A>) => Promise<Outcome> | Steps<Outcome> | Outcome,
): Declaration {
  // Named like the function, because when it runs the wrapper is no longer on the stack that error positions are read from.
  const enter = (name: string): Enter =>
    nameBuiltin(function* (...values: Taken<A>): Activation {
      try {
        const started = run(currentCall(), ...values);
        const outcome =
          started instanceof Promise ? yield* waitFor(started) : isSteps(started) ? yield* started : started;
        for (const value of isList(outcome) ? outcome : [outcome]) checkObject(value, name);
        return isList(outcome) ? settled(resultsFrom(outcome)) : outcome;
      } catch (thrown) {
        throw asHostError(thrown);
      }
    }, name);
  return declareNamed('io', signature, enter);
}

function isSteps(started: Steps<Outcome> | Outcome): started is Steps<Outcome> {
  return typeof started === 'object' && Symbol.iterator in started && !Array.isArray(started);
}

export interface ModuleSpec {
  /** Name given to `dynamic_loader`, and to `require` unless `requires` says otherwise. */
  readonly name: string;
  readonly requires?: readonly string[];
  /** Further names accepted by `dynamic_loader` and `require` alike. */
  readonly aliases?: readonly string[];
  readonly classes: 'all' | readonly ScriptClass[];
  readonly doc: string;
  /** Why the module cannot be used with this configuration: `dynamic_loader` and `require` raise it. */
  readonly unavailable?: (call: HostCall) => string | undefined;
  readonly functions: Declarations;
  /** Further spellings that work when called but do not show in a traversal of the module's table. */
  readonly hidden?: Declarations;
  /** What calling the module's table itself does; the table is the first argument. Not together with `hidden`. */
  readonly call?: Declaration;
  /** Values beside the functions, made once per environment that requires the module. */
  readonly values?: () => Readonly<Record<string, LuaValue>>;
  /** What `values` makes, for documentation. */
  readonly fields?: readonly HostField[];
  /** Globals that requiring the module sets, made like `values`. */
  readonly globals?: () => Readonly<Record<string, LuaValue>>;
  readonly userdata?: readonly UserdataDescription[];
}

/** What a kind of userdata contributes to the manifest. */
export interface UserdataDescription {
  describe(): HostUserdata;
}

/** A module ready for use. What only its users need is made when it is first asked for. */
export interface ModuleDefinition {
  readonly loader: string;
  readonly requires: readonly string[];
  readonly aliases: readonly string[];
  readonly classes: readonly ScriptClass[];
  readonly doc: string;
  readonly unavailable: ((call: HostCall) => string | undefined) | undefined;
  /** Frozen functions, shared by all environments. */
  readonly library: () => ModuleLibrary;
  readonly values: (() => Readonly<Record<string, LuaValue>>) | undefined;
  readonly globals: (() => Readonly<Record<string, LuaValue>>) | undefined;
  readonly describe: () => ModuleDescription;
}

export interface ModuleLibrary {
  readonly functions: Library;
  readonly hidden: Library | undefined;
  readonly call: LuaFunction | undefined;
}

/** For the manifest. */
export interface ModuleDescription {
  readonly functions: readonly HostFunction[];
  readonly fields: readonly HostField[];
  readonly userdata: readonly HostUserdata[];
}

/** Make a module of its declarations; one per file in `runtime/modules`. Modules may share a loader. */
export function defineModule(spec: ModuleSpec): ModuleDefinition {
  return Object.freeze({
    loader: spec.name,
    requires: spec.requires ?? [spec.name],
    aliases: spec.aliases ?? [],
    classes: spec.classes === 'all' ? SCRIPT_CLASSES : spec.classes,
    doc: spec.doc,
    unavailable: spec.unavailable,
    library: once(() => ({
      functions: defineFunctions(spec.name, spec.functions),
      hidden: spec.hidden === undefined ? undefined : defineFunctions(spec.name, spec.hidden),
      call: spec.call?.define('__call'),
    })),
    values: spec.values,
    globals: spec.globals,
    describe: once(() => ({
      functions: describeFunctions({ ...spec.functions, ...spec.hidden, ...called(spec) }),
      fields: spec.fields ?? [],
      userdata: (spec.userdata ?? []).map((kind) => kind.describe()),
    })),
  });
}

/** A value that is made when it is first asked for. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function called({ call }: ModuleSpec): Declarations {
  return call === undefined ? {} : { __call: call };
}

/** Name and wrap each declaration; `name` is that of the table they are in. */
export function defineFunctions(name: string, declarations: Declarations): Library {
  const functions: Record<string, LuaFunction> = {};
  for (const [field, declaration] of Object.entries(declarations)) functions[field] = declaration.define(field);
  return defineLibrary(name, functions);
}

export function describeFunctions(declarations: Declarations): readonly HostFunction[] {
  return Object.entries(declarations).map(([name, declaration]) => declaration.describe(name));
}

function declare(colour: HostColour, signature: Signature<readonly Argument<unknown>[]>, enter: Enter): Declaration {
  return declareNamed(colour, signature, () => enter);
}

function declareNamed(
  colour: HostColour,
  signature: Signature<readonly Argument<unknown>[]>,
  enterFor: (name: string) => Enter,
): Declaration {
  const args = signature.args ?? [];
  const listed = (signature.shown ?? args).filter((each) => each.isSelf !== true);
  const params = listed.map(({ name, type, optional, variadic }) => ({ name, type, optional, variadic }));
  const { doc, returns = [], startsCode } = signature;
  const described = { colour, params, returns, doc, ...(startsCode && { startsCode }) };
  return Object.freeze({
    describe: (name: string): HostFunction => Object.freeze({ name, ...described }),
    define: (name: string): LuaFunction => wrap(name, args, enterFor(name)),
  });
}

function enterSync(target: EnterCall, arity: number): Enter {
  if (arity === 0) return () => target(currentCall());
  if (arity === 1) return (a) => target(currentCall(), a);
  if (arity === 2) return (a, b) => target(currentCall(), a, b);
  if (arity === 3) return (a, b, c) => target(currentCall(), a, b, c);
  return (...values) => target(currentCall(), ...values);
}

function isList(outcome: Outcome): outcome is readonly LuaValue[] {
  return Array.isArray(outcome);
}

/** The results of a finished function are never an activation. */
function settled(outcome: LuaResult): Exclude<LuaResult, Activation> {
  if (isActivation(outcome)) throw new Error('a finished call cannot be an activation');
  return outcome;
}
