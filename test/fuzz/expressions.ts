/** Random expressions. Each kind is what the value probably is; now and then it is something else. */
import type { Choices } from './choices.ts';
import { FIELDS, type Kind, type Scope } from './scope.ts';

/** Function bodies come from the statements. */
export interface Writer {
  readonly choices: Choices;
  readonly scope: Scope;
  /** `(params) body end`. */
  functionBody(options?: { readonly self?: boolean; readonly yields?: boolean }): string;
  /** How deep the expression nests; deep ones become simple. */
  depth: number;
}

const NUMBERS = ['1', '2', '0', '3', '10', '0.5', '7', '255', '1e3', '0x1F', '100', '2^31', '1e300', '-1'];
const STRINGS = [
  '"s"',
  "''",
  '"10"',
  '"abc"',
  '"0x10"',
  '" 5 "',
  '[[a\\b]]',
  '"a\\0b"',
  '"\\200\\"\\n"',
  '[==[]]]==]',
  '"hello world"',
  "'1e1'",
];
const ARITHMETIC = ['+', '-', '*', '/', '%', '^'];
const COMPARISONS = ['<', '<=', '>', '>=', '==', '~='];
const PATTERNS = [
  '"l"',
  '"%a+"',
  '"(%w)(%w)"',
  '"^a"',
  '"b*$"',
  '"()"',
  '"[^a]"',
  '"%d"',
  '"."',
  '"%f[%w]%w"',
  '"a-b"',
];
const REPLACEMENTS = ['"x"', '"<%0>"', '"%1%1"', '{a = 1, h = "H", l = false}', 'string.upper'];
const FORMATS = ['"%d"', '"%s"', '"%5.1f"', '"%q"', '"%x"', '"%-4s|"', '"%g"', '"%%"', '"%05d"'];

type Make = (w: Writer) => string;

export function expression(w: Writer, kind: Kind): string {
  const { choices } = w;
  const wanted = choices.once(24)
    ? choices.pick<Kind>(['any', 'string', 'number', 'record', 'function', 'list'])
    : kind;
  if (w.depth > 4 || choices.isSpent) return simple(w, wanted);
  w.depth++;
  const text = choices.pick(MAKERS[wanted])(w);
  w.depth--;
  return text;
}

const any = (w: Writer): string => expression(w, 'any');
const number = (w: Writer): string => expression(w, 'number');
const string = (w: Writer): string => expression(w, 'string');
const list = (w: Writer): string => expression(w, 'list');
const record = (w: Writer): string => expression(w, 'record');
const field = (w: Writer): string => w.choices.pick(FIELDS);

/** A variable or a constant. */
function simple(w: Writer, kind: Kind): string {
  return (w.choices.below(3) > 0 ? w.scope.variable(kind) : undefined) ?? constant(w, kind);
}

function constant(w: Writer, kind: Kind): string {
  const { choices } = w;
  switch (kind) {
    case 'number':
      return choices.pick(NUMBERS);
    case 'string':
      return choices.pick(STRINGS);
    case 'list':
      return choices.pick(['{1, 2, 3}', '{}', '{"x", "y"}', '{3, 1, 2}']);
    case 'record':
      return choices.pick(['{a = 1}', '{}', '{a = 1, b = "2", n = {x = 3}}', '{["__proto__"] = 1}']);
    case 'function':
      return choices.pick(['tostring', 'type', 'math.floor', 'string.upper', 'select', 'print', 'rawget', 'math.max']);
    case 'any':
      return choices.pick(['1', 'nil', 'true', 'false', '"s"', '{}', w.scope.global(), 'print']);
  }
}

/** Something that may stand in front of `.`, `[`, `:` and `(`. */
export function prefix(w: Writer, kind: Kind): string {
  if (w.choices.below(4) > 0) {
    const variable = w.scope.variable(kind);
    if (variable !== undefined) return variable;
  }
  return `(${expression(w, kind)})`;
}

/** Arguments or results; the last may be a call or `...`. */
export function expressions(w: Writer, most = 3): string {
  const count = w.choices.below(most + 1);
  const parts = Array.from({ length: count }, () => any(w));
  if (w.choices.once(3)) parts.push(multiple(w));
  return parts.join(', ');
}

/** Any number of values. */
function multiple(w: Writer): string {
  if (w.scope.place.varargs && w.choices.below(2) === 0) return '...';
  return call(w);
}

export function call(w: Writer): string {
  return w.choices.pick(CALLS)(w);
}

/** How a function is called does not depend on what it is. */
const CALLS: readonly Make[] = [
  (w) => `${prefix(w, 'function')}(${expressions(w)})`,
  (w) => `${prefix(w, 'function')}(${expressions(w)})`,
  (w) => `select(${w.choices.pick(['1', '2', '-1', '"#"'])}, ${expressions(w, 2) || 'nil'})`,
  (w) => `pcall(${expression(w, 'function')}, ${any(w)})`,
  (w) => `pcall(function${w.functionBody()})`,
  (w) => `unpack(${list(w)})`,
  (w) => `${prefix(w, 'record')}:${field(w)}(${expressions(w, 2)})`,
  (w) => `${prefix(w, 'record')}.${field(w)}(${expressions(w, 2)})`,
  (w) =>
    `${prefix(w, 'string')}:${w.choices.pick(['upper', 'len', 'reverse', 'byte', 'sub', 'rep'])}(${w.choices.pick(['', '1', '2', '-1', '1, 2'])})`,
  (w) => `(function${w.functionBody()})(${expressions(w, 2)})`,
  (w) => `string.find(${string(w)}, ${w.choices.pick(PATTERNS)})`,
  (w) => `string.match(${string(w)}, ${w.choices.pick(PATTERNS)})`,
  (w) => `string.gsub(${string(w)}, ${w.choices.pick(PATTERNS)}, ${w.choices.pick(REPLACEMENTS)})`,
  (w) => `next(${w.choices.pick(['{}', '{7}', '{a = 1}'])})`,
  (w) => (w.scope.place.yields ? `coroutine.yield(${expressions(w, 2)})` : `math.max(${number(w)}, ${number(w)})`),
  (w) => `${prefix(w, 'function')}${w.choices.pick(['"s"', '[[l]]', '{1, a = 2}', '{}', "'q'"])}`,
  (w) => `("%s"):format(tostring(${any(w)}))`,
  (w) => `string.gsub(${string(w)}, ${w.choices.pick(PATTERNS)}, function${w.functionBody()})`,
  (w) => `string.byte(${string(w)}, 1, ${number(w)})`,
  (w) => `getfenv(${w.choices.pick(['0', '1', '2', 'print'])})[${string(w)}]`,
  (w) => `rawequal(${any(w)}, ${any(w)})`,
  (w) => `assert(${any(w)}, tostring(${string(w)}))`,
  (w) => `setfenv(function${w.functionBody()}, setmetatable({}, {__index = ${w.choices.pick(['_G', 'getfenv()'])}}))()`,
  (w) =>
    `xpcall(function${w.functionBody()}, function(e) return ${w.choices.pick(['e', 'type(e)', 'debug.traceback(e)', '{e}'])} end)`,
];

const NUMBER_MAKERS: readonly Make[] = [
  (w) => simple(w, 'number'),
  (w) => simple(w, 'number'),
  (w) => `${number(w)} ${w.choices.pick(ARITHMETIC)} ${number(w)}`,
  (w) => `(${number(w)} ${w.choices.pick(ARITHMETIC)} ${number(w)}) ${w.choices.pick(ARITHMETIC)} ${number(w)}`,
  (w) => `(-${number(w)})`.replace('--', '- -'),
  (w) => `#${w.choices.pick([list, string])(w)}`.replace(/^#(.*[ .].*)$/s, '#($1)'),
  (w) => `math.floor(${number(w)})`,
  (w) => `(${any(w)} and ${number(w)} or ${number(w)})`,
  (w) => `${prefix(w, 'list')}[${number(w)}]`,
  (w) => `(tonumber(${string(w)}) or ${number(w)})`,
  (w) => `math.${w.choices.pick(['abs', 'ceil', 'max', 'min', 'fmod', 'sqrt'])}(${number(w)}, ${number(w)})`,
  (w) => `select("#", ${expressions(w)})`.replace(', )', ')'),
  (w) => `${string(w)} + ${number(w)}`,
  (w) => operators(w, [...ARITHMETIC, ...ARITHMETIC, '..'], 'number'),
  (w) => `select((${number(w)}) % 3, ${expressions(w, 2) || 'nil'})`,
];

/** A row of operators without parentheses: what binds how. */
function operators(w: Writer, among: readonly string[], kind: Kind): string {
  const operand = (): string => `${w.choices.pick(['', '', '- ', 'not ', '#'])}${prefix(w, kind)}`;
  const rest = Array.from({ length: 1 + w.choices.below(3) }, () => ` ${w.choices.pick(among)} ${operand()}`);
  return `${operand()}${rest.join('')}`;
}

const STRING_MAKERS: readonly Make[] = [
  (w) => simple(w, 'string'),
  (w) => simple(w, 'string'),
  (w) => `${string(w)} .. ${string(w)}`,
  (w) => `(${string(w)} .. ${number(w)} .. ${string(w)})`,
  (w) => `text(${expression(w, w.choices.pick(['number', 'string', 'any']))})`,
  (w) => `tostring(${string(w)})`,
  (w) => `type(${any(w)})`,
  (w) => `(${string(w)}):${w.choices.pick(['upper', 'lower', 'reverse'])}()`,
  (w) => `(${string(w)}):sub(${number(w)}, ${number(w)})`,
  (w) => `string.format(${w.choices.pick(FORMATS)}, text(${w.choices.pick([number, string])(w)}))`,
  (w) => `string.format("%c%c", ${w.choices.pick(['33', '65', '200'])}, 65)`,
  (w) => `string.rep(${string(w)}, ${w.choices.below(4)})`,
  (w) => `(string.gsub(${string(w)}, ${w.choices.pick(PATTERNS)}, ${w.choices.pick(REPLACEMENTS)}))`,
  (w) => `table.concat(${list(w)}, ${string(w)})`,
  (w) => `(${any(w)} and ${string(w)} or ${string(w)})`,
];

const LIST_MAKERS: readonly Make[] = [
  (w) => simple(w, 'list'),
  (w) => simple(w, 'list'),
  (w) =>
    `{${Array.from({ length: w.choices.below(4) }, () => expression(w, w.choices.pick(['number', 'string']))).join(', ')}}`,
  (w) => `{${string(w)}, (${number(w)})}`,
  (w) => `{${number(w)}; ${number(w)},}`,
  (w) => `{${number(w)}, ${multiple(w)}}`,
  (w) => `{${multiple(w)}, ${number(w)}}`,
  (w) => `{[1] = ${any(w)}, 7, [2] = tostring(${string(w)}), n = ${any(w)}}`,
];

const RECORD_MAKERS: readonly Make[] = [
  (w) => simple(w, 'record'),
  (w) => simple(w, 'record'),
  (w) => `{${field(w)} = ${any(w)}, ${field(w)} = ${any(w)}}`,
  (w) => `{${field(w)} = ${any(w)}; [${expression(w, w.choices.pick(['string', 'number']))}] = ${any(w)}, ${any(w)}}`,
  (w) => `{[${string(w)}] = function${w.functionBody()}, ${field(w)} = function${w.functionBody({ self: true })}}`,
  (w) => `setmetatable(${record(w)}, ${metatable(w)})`,
  (w) => `${prefix(w, 'record')}.${field(w)}`,
];

const FUNCTION_MAKERS: readonly Make[] = [
  (w) => simple(w, 'function'),
  (w) => simple(w, 'function'),
  (w) => `function${w.functionBody()}`,
  (w) => `${prefix(w, 'record')}.${field(w)}`,
  (w) => `(${simple(w, 'function')} or ${simple(w, 'function')})`,
];

const ANY_MAKERS: readonly Make[] = [
  (w) => simple(w, 'any'),
  (w) => simple(w, 'any'),
  number,
  string,
  list,
  record,
  (w) => `${number(w)} ${w.choices.pick(COMPARISONS)} ${number(w)}`,
  (w) => `${string(w)} ${w.choices.pick(COMPARISONS)} ${string(w)}`,
  (w) => `${any(w)} ${w.choices.pick(['==', '~='])} ${any(w)}`,
  (w) => `not ${prefix(w, 'any')}`,
  (w) => `(${any(w)} ${w.choices.pick(['and', 'or'])} ${any(w)})`,
  (w) => `${prefix(w, 'record')}.${field(w)}`,
  (w) => `${prefix(w, 'record')}[${any(w)}]`,
  (w) => call(w),
  (w) => `(${call(w)})`,
  (w) => (w.scope.place.varargs ? '(...)' : 'nil'),
  (w) => `${prefix(w, 'any')} ${w.choices.pick(ARITHMETIC)} ${prefix(w, 'any')}`,
  (w) => `${prefix(w, 'any')} .. ${prefix(w, 'any')}`,
  (w) => expression(w, 'function'),
  (w) => operators(w, [...ARITHMETIC, ...COMPARISONS, '..', 'and', 'or', 'and', 'or'], 'any'),
  (w) => `{${any(w)}, {${any(w)}, k = {${any(w)}}}}`,
  (w) => `${prefix(w, 'record')}.${field(w)}.${field(w)}[${any(w)}]`,
];

const MAKERS: Readonly<Record<Kind, readonly Make[]>> = {
  number: NUMBER_MAKERS,
  string: STRING_MAKERS,
  list: LIST_MAKERS,
  record: RECORD_MAKERS,
  function: FUNCTION_MAKERS,
  any: ANY_MAKERS,
};

/** `__len` is left out: only here do tables obey it. */
const EVENTS = [
  '__add',
  '__sub',
  '__mul',
  '__div',
  '__mod',
  '__pow',
  '__unm',
  '__concat',
  '__call',
  '__lt',
  '__le',
  '__eq',
];

export function metatable(w: Writer): string {
  const events = Array.from({ length: 1 + w.choices.below(3) }, () => {
    const event = w.choices.pick([...EVENTS, '__index', '__newindex', '__index', '__tostring', '__metatable']);
    return `${event} = ${handler(w, event)}`;
  });
  return `{${events.join(', ')}}`;
}

function handler(w: Writer, event: string): string {
  if (event === '__metatable') return string(w);
  if (event === '__tostring') return `function() return ${string(w)} end`;
  if (event === '__index') return w.choices.pick([record, (): string => 'function(t, k) return k end'])(w);
  if (event === '__newindex') return 'function(t, k, v) rawset(t, k, v) end';
  return `function${w.functionBody()}`;
}
