/** Which expressions are something of the host: a module, one of its functions, a global table, userdata. */
import type { HostFunction, HostGlobalTable, HostModule, HostUserdata } from '../../runtime/contract/host.ts';
import type { AnyCall, Expression } from '../front/ast.ts';
import type { CheckedFile } from './file.ts';
import type { CheckedProgram } from './program.ts';

/** Where functions are found by name; `label` is how messages call it. */
export interface HostTable {
  readonly kind: 'table';
  readonly label: string;
  readonly functions: readonly HostFunction[];
  /** Everything it has beside functions. */
  readonly others: readonly string[];
  readonly userdata: readonly HostUserdata[];
  /** Functions of userdata are methods, called with `:`. */
  readonly origin: 'global' | 'module' | 'userdata';
}

export interface HostFunctions {
  readonly kind: 'function';
  /** `redis.redis_get`, without `self`. */
  readonly label: string;
  /** Declarations that may be meant: a name may stand for two modules. */
  readonly candidates: readonly HostFunction[];
  readonly userdata: readonly HostUserdata[];
  readonly isMethod: boolean;
}

export type HostValue = HostTable | HostFunctions;

/** Longest chain of locals that is followed. */
const DEEPEST = 8;

/** What the expression is, where that is certain. */
export function hostValue(
  node: Expression,
  file: CheckedFile,
  program: CheckedProgram,
  depth = DEEPEST,
): HostValue | undefined {
  if (depth === 0) return undefined;
  const follow = (inner: Expression, where = file): HostValue | undefined =>
    hostValue(inner, where, program, depth - 1);
  switch (node.kind) {
    case 'Parenthesised':
      return follow(node.inner);
    case 'Name': {
      if (!file.isGlobal(node)) {
        const local = file.localOf(node);
        return local?.writes === 'once' && local.initialiser !== undefined ? follow(local.initialiser) : undefined;
      }
      const definitions = program.definitions.globals.get(node.name);
      if (definitions === undefined) return globalOf(node.name, file, program);
      const [only, second] = definitions;
      return only?.value === undefined || second !== undefined ? undefined : follow(only.value, only.file);
    }
    case 'Index':
      return node.key.kind === 'String' ? fieldOf(follow(node.object), node.key.value) : undefined;
    case 'Call':
      return requiredBy(node, file, program) ?? resultOf(follow(node.callee));
    case 'MethodCall':
      return resultOf(fieldOf(follow(node.object), node.name));
    default:
      return undefined;
  }
}

function globalOf(name: string, file: CheckedFile, program: CheckedProgram): HostValue | undefined {
  const tables = program.tablesNamed(name, file);
  if (tables.length > 0) return tableOf(name, tables, 'global');
  const candidates = program.globals.functions.filter((each) => each.name === name);
  return candidates.length === 0
    ? undefined
    : { kind: 'function', label: name, candidates, userdata: [], isMethod: false };
}

function tableOf(
  label: string,
  parts: readonly (HostGlobalTable | HostModule)[],
  origin: 'global' | 'module',
): HostTable {
  const others = parts.flatMap((part) => ('constants' in part ? Object.keys(part.constants) : fieldNames(part)));
  return {
    kind: 'table',
    label,
    functions: parts.flatMap(({ functions }) => functions),
    others,
    userdata: parts.flatMap(({ userdata }) => userdata),
    origin,
  };
}

function fieldNames({ fields = [] }: HostModule): readonly string[] {
  return fields.map(({ name }) => name);
}

/** The module that `require("name")` gives. */
function requiredBy(call: AnyCall, file: CheckedFile, program: CheckedProgram): HostTable | undefined {
  const name = requiredName(call, file);
  if (name === undefined) return undefined;
  const modules = program.hostModules(name);
  return modules.length === 0 ? undefined : tableOf(name, modules, 'module');
}

/** The literal name in a call of the global `require`. */
export function requiredName(call: AnyCall, file: CheckedFile): string | undefined {
  if (call.kind !== 'Call' || call.callee.kind !== 'Name' || call.callee.name !== 'require') return undefined;
  const [name] = call.args;
  return file.isGlobal(call.callee) && name?.kind === 'String' ? name.value : undefined;
}

/** A function in a module, or a method of userdata. */
export function fieldOf(value: HostValue | undefined, name: string): HostFunctions | undefined {
  if (value?.kind !== 'table') return undefined;
  const candidates = value.functions.filter((each) => each.name === name);
  if (candidates.length === 0) return undefined;
  const { label, userdata } = value;
  const isMethod = value.origin === 'userdata';
  return { kind: 'function', label: `${label}${isMethod ? ':' : '.'}${name}`, candidates, userdata, isMethod };
}

/** Userdata that a call returns, if it can return nothing else; its methods are the functions of the table. */
function resultOf(value: HostValue | undefined): HostTable | undefined {
  if (value?.kind !== 'function' || value.candidates.length !== 1) return undefined;
  const type = value.candidates[0]?.returns[0]?.type.replace(/\?$/, '');
  const userdata = value.userdata.find(({ name }) => name === type);
  if (userdata === undefined) return undefined;
  const { name, methods, fields = [] } = userdata;
  return {
    kind: 'table',
    label: name,
    functions: methods,
    others: fields.map((field) => field.name),
    userdata: value.userdata,
    origin: 'userdata',
  };
}

/** A call of a host function. */
export interface HostCallSite {
  readonly called: HostFunctions;
  /** What the parameters get; undefined for a value that is not written as an argument. */
  readonly given: readonly (Expression | undefined)[];
  /** A function of a module is called with `:`, so that its first parameter gets the module. */
  readonly passesModule: boolean;
}

/** The host function that a call reaches, where that is certain. */
export function hostCall(call: AnyCall, file: CheckedFile, program: CheckedProgram): HostCallSite | undefined {
  if (call.kind === 'MethodCall') {
    const called = fieldOf(hostValue(call.object, file, program), call.name);
    if (called === undefined) return undefined;
    const given = called.isMethod ? call.args : [undefined, ...call.args];
    return { called, given, passesModule: !called.isMethod };
  }
  const called = hostValue(call.callee, file, program);
  if (called?.kind !== 'function') return undefined;
  return { called, given: called.isMethod ? call.args.slice(1) : call.args, passesModule: false };
}
