/** Random statements and whole programs. */
import type { Choices } from './choices.ts';
import { call, expression, expressions, metatable, prefix, type Writer } from './expressions.ts';
import { FIELDS, type Kind, Scope } from './scope.ts';

/** A program for this engine, and one of the same meaning in plain Lua 5.1, which has no `goto`. */
export interface ProgramPair {
  readonly ours: string;
  readonly reference: string;
}

/**
 * Bounds the run time: every function counts, and the count ends the program with the same error everywhere. `out`
 * prints values so that they can be compared: no table is walked in an order that is not fixed. `text` keeps away the
 * texts `inf` and `nan`, which are numbers to the reference, and addresses.
 */
const PRELUDE = [
  'local function text(v) local k, m = type(v), getmetatable(v)',
  'if k == "number" and (v ~= v or v - v ~= 0) then return "not finite" end',
  'if k == "function" or k == "thread" or k == "table" and not (type(m) == "table" and rawget(m, "__tostring")) then return k end',
  'return tostring(v) end',
  'local steps = 0 local function step() steps = steps + 1 if steps > 400 then error("out of steps", 0) end end',
  'local function show(v, d) if type(v) ~= "table" or d > 2 then return tostring(v) end local keys = {}',
  'for k in next, v do if type(k) ~= "table" and type(k) ~= "function" then keys[#keys + 1] = k end end',
  'table.sort(keys, function(p, q) return type(p) .. tostring(p) < type(q) .. tostring(q) end)',
  'for i, k in ipairs(keys) do keys[i] = tostring(k) .. "=" .. show(rawget(v, k), d + 1) end',
  'return "{" .. table.concat(keys, ",") .. "}" end',
  'local function out(...) local texts = {} for i = 1, select("#", ...) do texts[i] = show((select(i, ...)), 0) end',
  'print((table.concat(texts, " "):gsub("[%z\\1-\\8]", "?"))) end',
].join(' ');

export function randomProgram(choices: Choices): ProgramPair {
  const writer = new ProgramWriter(choices);
  const parts: string[] = [];
  do parts.push(writer.topStatement());
  while (!choices.isSpent && parts.length < 12);
  const text = `${PRELUDE}\n${parts.join('\n')}\n`;
  return {
    ours: text.replace(BOTH, (_, ours: string) => ours),
    reference: text.replace(BOTH, (_, __, reference: string) => reference),
  };
}

/** Text that differs between the two programs. */
const both = (ours: string, reference: string): string => `\x01${ours}\x02${reference}\x03`;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they cannot occur in a program
const BOTH = /\x01([^\x02]*)\x02([^\x03]*)\x03/g;

class ProgramWriter implements Writer {
  readonly choices: Choices;
  readonly scope: Scope;
  depth = 0;
  private nesting = 0;
  private labels = 0;

  constructor(choices: Choices) {
    this.choices = choices;
    this.scope = new Scope(choices);
  }

  /** Mostly protected, so that an error does not end the program. */
  topStatement(): string {
    if (this.choices.below(3) > 0) return this.statement();
    return `out(pcall(function()\n${this.block({ varargs: false, inFunction: true, inLoop: false })}\nend))`;
  }

  functionBody({ self = false, yields = false } = {}): string {
    const { choices, scope } = this;
    const place = { varargs: choices.once(4), yields, inLoop: false, inFunction: true };
    const depth = this.depth;
    this.depth = 0;
    const text = scope.block(place, () => {
      const names = Array.from({ length: choices.below(3) }, () => scope.newName());
      if (self) names.unshift('self');
      for (const name of names) scope.declare(name, name === 'self' ? 'record' : 'any');
      const params = [...names, ...(place.varargs ? ['...'] : [])].join(', ');
      if (this.nesting > 2 || choices.below(3) === 0) return `(${params}) step() return ${expressions(this)} end`;
      return `(${params}) step()\n${this.statements()}\n${this.lastStatement()}\nend`;
    });
    this.depth = depth;
    return text;
  }

  private block(place: Parameters<Scope['block']>[0], last = true): string {
    return this.scope.block(place, () => `${this.statements()}\n${last ? this.lastStatement() : ''}`);
  }

  private statements(): string {
    this.nesting++;
    const count = this.nesting > 3 ? 1 : 1 + this.choices.below(3);
    const text = Array.from({ length: count }, () => this.statement()).join('\n');
    this.nesting--;
    return text;
  }

  /** What may only end a block. */
  private lastStatement(): string {
    const { choices, scope } = this;
    switch (choices.below(8)) {
      case 0:
        return scope.place.inFunction ? `return ${expressions(this)}` : '';
      case 1:
        return scope.place.inFunction ? `return ${call(this)}` : '';
      case 2:
        return scope.place.inLoop ? 'break' : '';
      case 3:
        return choices.once(2) ? `error(${expressions(this, 2)})` : '';
      default:
        return '';
    }
  }

  private statement(): string {
    if (this.choices.isSpent) return 'out(1)';
    const make = this.nesting > 3 ? this.choices.pick(SIMPLE) : this.choices.pick(ALL);
    return `${make(this)};`;
  }

  newLabel(): string {
    return `label${++this.labels}`;
  }

  nested(place: Parameters<Scope['block']>[0] = {}): string {
    return this.block(place);
  }

  open(place: Parameters<Scope['block']>[0] = {}): string {
    return this.block(place, false);
  }
}

type Make = (w: ProgramWriter) => string;

const any = (w: ProgramWriter): string => expression(w, 'any');
const number = (w: ProgramWriter): string => expression(w, 'number');
const KINDS: readonly Kind[] = ['number', 'string', 'list', 'record', 'function', 'any'];

function declaration(w: ProgramWriter): string {
  const kind = w.choices.pick(KINDS);
  const value = expression(w, kind);
  const name = w.scope.newName();
  w.scope.declare(name, kind);
  return `local ${name} = ${value}`;
}

function declarations(w: ProgramWriter): string {
  const names = Array.from({ length: 1 + w.choices.below(3) }, () => w.scope.newName());
  const values = expressions(w);
  for (const name of names) w.scope.declare(name, 'any');
  return `local ${names.join(', ')}${values === '' ? '' : ` = ${values}`}`;
}

function target(w: ProgramWriter): string {
  switch (w.choices.below(5)) {
    case 0:
      return w.scope.variable('any') ?? w.scope.global();
    case 1:
      return w.scope.global();
    case 2:
      return `${placeOf(w, 'list')}[${number(w)}]`;
    case 3:
      return `${placeOf(w, 'record')}.${w.choices.pick(FIELDS)}`;
    default:
      return `${placeOf(w, 'record')}[${any(w)}]`;
  }
}

/** A statement must not begin with a parenthesis: the line before could go on with it. */
function placeOf(w: ProgramWriter, kind: Kind): string {
  return w.scope.variable(kind) ?? w.scope.global();
}

function assignment(w: ProgramWriter): string {
  return `${target(w)} = ${any(w)}`;
}

function assignments(w: ProgramWriter): string {
  const targets = Array.from({ length: 2 + w.choices.below(2) }, () => target(w));
  return `${targets.join(', ')} = ${expressions(w) || 'nil'}`;
}

function callStatement(w: ProgramWriter): string {
  const text = call(w);
  return text.startsWith('(') ? `out${text.startsWith('(function') ? `(${text})` : `((${text}))`}` : text;
}

function localFunction(w: ProgramWriter): string {
  const body = w.functionBody();
  const name = w.scope.newName();
  w.scope.declare(name, 'function');
  return `local function ${name}${body}`;
}

function recursiveFunction(w: ProgramWriter): string {
  const name = w.scope.newName();
  const tail = w.choices.below(2) === 0;
  const inner = tail ? `return ${name}(n - 1, ${any(w)})` : `return (${name}(n - 1)), n`;
  return `local function ${name}(n, ...) step() if n <= 0 then return ... end ${inner} end out(${name}(${w.choices.below(6)}, 7))`;
}

function namedFunction(w: ProgramWriter): string {
  const holder = placeOf(w, 'record');
  const { choices } = w;
  if (choices.below(2) === 0) return `function ${holder}:${choices.pick(FIELDS)}${w.functionBody({ self: true })}`;
  return `function ${choices.below(2) === 0 ? w.scope.global() : `${holder}.${choices.pick(FIELDS)}`}${w.functionBody()}`;
}

function conditional(w: ProgramWriter): string {
  const clauses = [`if ${any(w)} then\n${w.nested()}`];
  if (w.choices.once(2)) clauses.push(`elseif ${any(w)} then\n${w.nested()}`);
  if (w.choices.once(2)) clauses.push(`else\n${w.nested()}`);
  return `${clauses.join('\n')}\nend`;
}

function numericFor(w: ProgramWriter): string {
  const range = w.choices.pick([
    '1, 3',
    '3, 1, -1',
    '1, 2, 0.5',
    '0, -1',
    '"1", "2"',
    `${number(w)}, 3`,
    '1, 0, 1 / 0',
  ]);
  return loopWith(w, (name) => `for ${name} = ${range} do`, 'number');
}

function genericFor(w: ProgramWriter): string {
  const source = w.choices.pick([
    `ipairs(${expression(w, 'list')})`,
    `string.gmatch(${expression(w, 'string')}, "%w")`,
    `pairs({7})`,
    `next, {8}`,
    `coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i, i * i) end end)`,
    any(w),
  ]);
  const second = w.scope.newName();
  return loopWith(w, (name) => `for ${name}, ${second} in ${source} do`, 'any');
}

function loopWith(w: ProgramWriter, head: (name: string) => string, kind: Kind): string {
  return w.scope.block({ inLoop: true }, () => {
    const name = w.scope.newName();
    const opening = head(name);
    w.scope.declare(name, kind);
    return `${opening} step()\n${w.nested()}\nend`;
  });
}

function whileLoop(w: ProgramWriter): string {
  return `do local i = 0 while i < ${1 + w.choices.below(3)} do i = i + 1 step()\n${w.nested({ inLoop: true })}\nend end`;
}

function repeatLoop(w: ProgramWriter): string {
  return w.scope.block({ inLoop: true }, () => {
    const body = w.open();
    const name = w.scope.newName();
    return `do local i = 0 repeat i = i + 1 step() local ${name} = i\n${body}\nuntil ${name} >= ${1 + w.choices.below(3)} or ${any(w)} end`;
  });
}

/** `goto continue`; in Lua 5.1 a `break` out of a loop that runs once. */
function continueLoop(w: ProgramWriter): string {
  const label = w.newLabel();
  const skip = `if ${any(w)} then ${both(`goto ${label}`, 'break')} end`;
  const head = `for i = 1, 3 do step() ${both('', 'repeat')} ${w.open({ inLoop: false })}\n${skip}`;
  return `${head}\n${w.open({ inLoop: false })}\n${both(`::${label}::`, 'until true')} end`;
}

/** A jump back, which is a loop; closures made in it keep their own variables. */
function backwardGoto(w: ProgramWriter): string {
  const label = w.newLabel();
  const body = `i = i + 1 step() local fresh = i made[i] = function() fresh = fresh + 1 return fresh end\n${w.open({ inLoop: false })}`;
  const end = both(`if i < 3 then goto ${label} end`, 'until i >= 3');
  const tail = 'out(made[1](), made[1](), made[3] and made[3]())';
  return `do local i, made = 0, {} ${both(`::${label}::`, 'repeat')} ${body}\n${end} ${tail} end`;
}

/** A jump out of two loops. */
function forwardGoto(w: ProgramWriter): string {
  const label = w.newLabel();
  const leave = both(`goto ${label}`, 'left = true break');
  const inner = `for j = 1, 2 do step() ${w.open({ inLoop: false })}\nif ${any(w)} then ${leave} end end`;
  const between = both('', 'if left then break end');
  return `do local left for i = 1, 2 do ${inner} ${between} end ${both(`::${label}::`, '')} end`;
}

function coroutineUse(w: ProgramWriter): string {
  const body = w.functionBody({ yields: true });
  const resumes = Array.from(
    { length: 1 + w.choices.below(3) },
    () => `out(coroutine.resume(co, ${expressions(w, 2) || 'nil'}))`,
  );
  return `do local co = coroutine.create(function${body})\n${resumes.join('\n')} out(coroutine.status(co)) end`;
}

function protectedBlock(w: ProgramWriter): string {
  const body = w.nested({ inFunction: true, inLoop: false, varargs: false, yields: false });
  return `out(pcall(function()\n${body}\nend))`;
}

function tracedBlock(w: ProgramWriter): string {
  const body = w.nested({ inFunction: true, inLoop: false, varargs: false, yields: false });
  return `out(xpcall(function()\n${body}\nend, debug.traceback))`;
}

function objectUse(w: ProgramWriter): string {
  const name = w.scope.newName();
  const value = expression(w, 'record');
  const events = metatable(w);
  w.scope.declare(name, 'record');
  return `local ${name} = setmetatable(${value}, ${events})`;
}

function classUse(w: ProgramWriter): string {
  const field = w.choices.pick(FIELDS);
  const other = w.choices.pick(FIELDS);
  const method = w.functionBody({ self: true });
  const name = w.scope.newName();
  w.scope.declare(name, 'record');
  return [
    `local ${name} = {} ${name}.__index = ${name} function ${name}:${field}${method}`,
    `local sub = setmetatable({}, ${name}) sub.__index = sub ${name} = setmetatable({${other} = 1}, sub)`,
    `out(pcall(function() return ${name}:${field}(${any(w)}) end))`,
  ].join('\n');
}

function tableLibrary(w: ProgramWriter): string {
  const list = expression(w, 'list');
  const use = w.choices.pick([
    'table.insert(l, 1, 5)',
    'out(table.remove(l))',
    'out(table.remove(l, 1))',
    'table.sort(l, function(p, q) return tostring(p) < tostring(q) end)',
    'out(table.concat(l, "-", 1, 2))',
    'out(table.maxn(l), #l)',
    `table.insert(l, ${any(w)})`,
    'table.sort(l)',
    'l[#l + 1] = #l',
    'l[#l] = nil',
  ]);
  return `do local l = ${list} if type(l) == "table" and l[1] ~= nil then ${use} out(l) end end`;
}

function loadedCode(w: ProgramWriter): string {
  const value = w.choices.pick([
    'return ... + 1',
    'local x = ... return x.a',
    'error("e")',
    'return (',
    'g1 = ... return g1',
  ]);
  return `out(pcall(function() return loadstring("${value.replace(/"/g, '\\"')}")(${any(w)}) end))`;
}

function legacyVarargs(w: ProgramWriter): string {
  return `local function legacy(...) return arg and arg.n, arg[1] end out(pcall(legacy, ${expressions(w) || 'nil'}))`;
}

/** Closures of one block share its variables; those of different passes do not. */
function closures(w: ProgramWriter): string {
  const value = any(w);
  const body = w.nested({ inFunction: true, inLoop: false, varargs: false, yields: false });
  return [
    `do local fs = {} for i = 1, 3 do step() local shared = ${value}`,
    `fs[i] = function() shared = i if shared then return shared end\n${body}\nend fs[i + 3] = function() return shared, i end end`,
    'for i = 1, 6 do out(i, pcall(fs[i])) end end',
  ].join(' ');
}

/** What is evaluated in which order shows in the output. */
function orderOfEvaluation(w: ProgramWriter): string {
  const traced = (): string => `trace(${any(w)})`;
  const use = w.choices.pick([
    () => `local p, q = {}, {} p[${traced()} or 1], q[${traced()} or 2] = ${traced()}, ${traced()} out(p, q)`,
    () => `local p, i = {}, 1 i, p[i] = i + 1, ${traced()} out(i, p)`,
    () => `out({${traced()}, [${traced()}] = ${traced()}, ${traced()}, x = ${traced()}})`,
    () => `out(pcall(${traced()}, ${traced()}, trace(2)))`,
    () => `out((${traced()} or 1) .. (${traced()} or 2) .. ${traced()})`,
    () => `out((${traced()} or 1) + (${traced()} or 2) * ${traced()})`,
    () => `out(${traced()} == ${traced()}, (${traced()} or 1) < (${traced()} or 2))`,
    () => `for i = trace(1), trace(2), trace(1) do step() out(i) end`,
    () => `local p = {} p.a, p.b, p.a = ${traced()}, ${traced()}, ${traced()} out(p)`,
  ])();
  return `do local count = 0 local function trace(v) count = count + 1 out("trace", count, v) return v end ${use} end`;
}

function commentary(w: ProgramWriter): string {
  return w.choices.pick(['-- ]] end', '--[[ end ]]', '--[==[ ]] \n\n ]==]', '--']).concat('\nout("after")');
}

/** A return in the middle, and branches that end in one. */
function earlyReturn(w: ProgramWriter): string {
  const values = expressions(w);
  const rest = w.nested({ inFunction: true, inLoop: false, varargs: true, yields: false });
  return `out(pcall(function(...) if ${any(w)} then do return ${values} end end\n${rest}\nend, ${any(w)}))`;
}

function globalsOfItsOwn(w: ProgramWriter): string {
  const body = w.nested({ inFunction: true, inLoop: false, varargs: false, yields: false });
  return `do local env = setmetatable({}, {__index = _G}) local function f() setfenv(1, env)\n${body}\nend out(pcall(f)) out(env.g1, env.g2, g1) end`;
}

const SIMPLE: readonly Make[] = [
  (w) => `out(${expressions(w)})`,
  declaration,
  assignment,
  assignments,
  callStatement,
  declarations,
  (w) => `out(${any(w)}, ${any(w)})`,
  (w) => `out(${prefix(w, 'any')} ${w.choices.pick(['+', '<', '..', '=='])} ${prefix(w, 'any')})`,
];

const ALL: readonly Make[] = [
  ...SIMPLE,
  declaration,
  declaration,
  localFunction,
  recursiveFunction,
  namedFunction,
  conditional,
  conditional,
  numericFor,
  genericFor,
  whileLoop,
  repeatLoop,
  continueLoop,
  backwardGoto,
  forwardGoto,
  coroutineUse,
  protectedBlock,
  protectedBlock,
  tracedBlock,
  objectUse,
  classUse,
  tableLibrary,
  loadedCode,
  legacyVarargs,
  closures,
  orderOfEvaluation,
  orderOfEvaluation,
  commentary,
  earlyReturn,
  globalsOfItsOwn,
  (w) => `do\n${w.nested()}\nend`,
];
