/** Reading, declaring and assigning variables: locals as JS variables, globals as fields of the environment's table. */
import type { Name } from '../ast.ts';
import type { LocalId } from '../resolve.ts';
import type { Code, EmitContext, Placement } from './context.ts';
import { isFieldName, isPlainFieldName } from './context.ts';
import { numberLiteral, propertyAccess, stringLiteral } from './literals.ts';

export function readVariable(node: Name, cx: EmitContext): Code {
  const binding = cx.resolution.bindingOf.get(node);
  if (binding === undefined || binding === 'global') return readGlobal(node, cx);
  return readLocal(binding, cx);
}

export function readLocal(id: LocalId, cx: EmitContext): Code {
  const { constant } = cx.local(id);
  if (constant !== undefined) return constantCode(constant.value);
  const variable = cx.variable(id);
  return cx.isBoxed(id) ? `${variable}.v` : variable;
}

function constantCode(value: undefined | boolean | number | string): Code {
  if (typeof value === 'number') return numberLiteral(value);
  return typeof value === 'string' ? stringLiteral(value) : String(value);
}

function readGlobal(node: Name, cx: EmitContext): Code {
  const fallback = cx.resolution.localWhenGlobalIsNil.get(node);
  const t = cx.fn.temporary();
  const code = readGlobalNamed(node.name, node.end - 1, cx, t);
  return fallback === undefined ? code : `((${t} = ${code}) !== undefined ? ${t} : ${readLocal(fallback, cx)})`;
}

function readGlobalNamed(name: string, at: number, cx: EmitContext, t: Code): Code {
  const globals = cx.globals();
  const site = { at, event: '__index' };
  if (!isFieldName(name)) return cx.slow('index', [globals, stringLiteral(name)], site);
  const slow = cx.slowAccess(cx.reader(name), [globals], site);
  return `((${t} = ${globals}.$h${propertyAccess(name)}) !== undefined ? ${t} : ${slow})`;
}

/** Statement that stores `value` (an expression that is used more than once) in a variable. */
export function assignVariable(node: Name, value: Code, cx: EmitContext): Code {
  const binding = cx.resolution.bindingOf.get(node);
  if (binding === undefined || binding === 'global') return assignGlobal(node, value, cx);
  return `${readAssignable(binding, cx)} = ${value};`;
}

/** A variable as assignment target: never substituted by a constant. */
export function readAssignable(id: LocalId, cx: EmitContext): Code {
  const variable = cx.variable(id);
  return cx.isBoxed(id) ? `${variable}.v` : variable;
}

function assignGlobal(node: Name, value: Code, cx: EmitContext): Code {
  const globals = cx.globals();
  const site = { at: node.end - 1, event: '__newindex' };
  if (!isPlainFieldName(node.name)) return `${cx.slow('setIndex', [globals, stringLiteral(node.name), value], site)};`;
  const slow = cx.slowAccess(cx.writer(node.name), [globals, value], site);
  return `if (${globals}.$mt.nih === null) ${globals}.$h${propertyAccess(node.name)} = ${value}; else ${slow};`;
}

/**
 * How a local is declared. A variable nobody captures is function-level (no check for use before declaration); one that
 * is captured is block-level if every pass of a loop must have its own.
 */
export function placementOf(id: LocalId, cx: EmitContext): Placement {
  const local = cx.local(id);
  if (!local.captured || cx.hoisted.has(id) || cx.boxed.has(id)) return 'var';
  if (local.writes === 'once' || cx.shared.has(id)) return 'const';
  return local.capturedInLoop || cx.fn.selfLoop ? 'let' : 'var';
}

/** Statement that declares a local with its first value; `''` if its value is a constant and substituted. */
export function declareLocal(id: LocalId, value: Code, cx: EmitContext): Code {
  if (cx.local(id).constant !== undefined) return '';
  const variable = cx.variable(id);
  if (cx.boxed.has(id)) {
    cx.fn.variables.push(variable);
    return `${variable} = { v: ${value} };`;
  }
  const first = cx.shared.has(id) ? `{ v: ${value} }` : value;
  const placement = placementOf(id, cx);
  if (placement !== 'var') return `${placement} ${variable} = ${first};`;
  if (!cx.hoisted.has(id)) cx.fn.variables.push(variable);
  return `${variable} = ${first};`;
}
