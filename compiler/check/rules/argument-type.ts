/** Literals of a wrong type as arguments of host functions. */
import type { HostParameter } from '../../../runtime/contract/host.ts';
import type { Expression } from '../../front/ast.ts';
import { hostCall } from '../host-values.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  name: 'argument-type',
  severity: 'error',
  doc: 'A literal of a type that the host function does not take.',
  *run(file, program) {
    for (const node of file.nodes) {
      if (node.kind !== 'Call' && node.kind !== 'MethodCall') continue;
      const site = hostCall(node, file, program);
      if (site === undefined) continue;
      const { called, given, passesModule } = site;
      for (const [at, argument] of given.entries()) {
        const literal = argument === undefined ? MODULE : literalOf(argument);
        const params = called.candidates.map((each) => parameterAt(each.params, at));
        if (literal === undefined || params.some((param) => param === undefined || accepts(param, literal))) continue;
        const expected = params[0];
        yield {
          at: argument?.at ?? node.open,
          message: `'${called.label}' takes ${expected?.type} as '${expected?.name}', not ${literal.shown}`,
          hint: argument === undefined ? "call it with '.' instead of ':'" : undefined,
        };
        if (passesModule) break;
      }
    }
  },
});

function parameterAt(params: readonly HostParameter[], at: number): HostParameter | undefined {
  const last = params.at(-1);
  return params[at] ?? (last?.variadic === true ? last : undefined);
}

interface Literal {
  readonly type: 'nil' | 'boolean' | 'number' | 'string' | 'table' | 'function';
  readonly value: string | number | undefined;
  readonly shown: string;
}

function literalOf(node: Expression): Literal | undefined {
  switch (node.kind) {
    case 'Parenthesised':
      return literalOf(node.inner);
    case 'Nil':
      return { type: 'nil', value: undefined, shown: 'nil' };
    case 'Boolean':
      return { type: 'boolean', value: undefined, shown: 'a boolean' };
    case 'Number':
      return { type: 'number', value: node.value, shown: 'a number' };
    case 'String':
      return { type: 'string', value: node.value, shown: 'a string' };
    case 'Concat':
      return { type: 'string', value: undefined, shown: 'a string' };
    case 'Table':
      return { type: 'table', value: undefined, shown: 'a table' };
    case 'Function':
      return { type: 'function', value: undefined, shown: 'a function' };
    default:
      return undefined;
  }
}

/** What a function called with `:` gets first. */
const MODULE: Literal = { type: 'table', value: undefined, shown: 'the module itself' };

/** The types whose checks are known; with any other name in it a type takes everything. */
const CHECKED = new Set(['string', 'number', 'integer', 'boolean', 'table', 'function', 'nil']);

function accepts({ type, optional }: HostParameter, literal: Literal): boolean {
  if (literal.type === 'nil' && optional) return true;
  const parts = type.split('|').map((part) => part.trim());
  const names = parts.map((part) => part.replace(/\?$/, ''));
  if (literal.type === 'nil' && parts.some((part) => part.endsWith('?'))) return true;
  return names.some((name) => !CHECKED.has(name) || takes(name, literal));
}

/** Numbers are text where text is asked for; text is a number only where it reads as one, and never an integer. */
function takes(name: string, { type, value }: Literal): boolean {
  if (name === 'string') return type === 'string' || type === 'number';
  if (name === 'integer') return type === 'number';
  if (name !== 'number') return type === name;
  return type === 'number' || (type === 'string' && (value === undefined || /^\s*[-+]?[\da-fx.]/i.test(String(value))));
}
