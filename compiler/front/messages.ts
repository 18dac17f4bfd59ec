/**
 * Everything the front end reports to a person, one factory per code. Syntax errors use the wording of Lua 5.1
 * (manual section 8 has none; the texts are those of its parser), places are added here and nowhere else.
 */
import type { Diagnostic, Place, Severity } from '../../runtime/contract/diagnostic.ts';
import { type Chunk, columnAt, lineAt, type Offset } from './ast.ts';

/** Thrown inside the front end only; `parse` and `resolve` turn it into an outcome. Not a JS `Error`: no stack. */
export class SyntaxFailure {
  readonly diagnostic: Diagnostic;
  constructor(diagnostic: Diagnostic) {
    this.diagnostic = diagnostic;
  }
}

/** The one-line form that Lua itself prints and that `load` returns: `file:line: message`; `file` if not the place's. */
export function renderLuaMessage({ place, message }: Diagnostic, file = place?.file): string {
  return place === undefined ? message : `${file}:${place.line}: ${message}`;
}

/** Place of an offset, as a person counts: lines and columns from 1. */
export function placeOf(chunk: Pick<Chunk, 'name' | 'lineStarts'>, at: Offset): Place {
  return { file: chunk.name, line: lineAt(chunk, at), column: columnAt(chunk, at) };
}

/** Every code of the front end with its severity. */
const SEVERITIES = {
  'lua-syntax': 'error',
  'call-on-new-line': 'warning',
  'function-reads-itself-as-global': 'warning',
} as const satisfies Record<string, Severity>;

export type FrontCode = keyof typeof SEVERITIES;

export const FRONT_CODES = Object.keys(SEVERITIES) as readonly FrontCode[];

function diagnostic(code: FrontCode, message: string, place: Place, hint?: string): Diagnostic {
  return { code, severity: SEVERITIES[code], message, place, ...(hint === undefined ? {} : { hint }) };
}

/** A syntax error in Lua's wording; hints explain what Lua's text leaves open. */
export function syntaxError(message: string, place: Place): Diagnostic {
  return diagnostic('lua-syntax', message, place, hintFor(message));
}

/** PUC Lua says so of what needs more registers than it has. */
export function tooComplex(chunk: Chunk, at: Offset): Diagnostic {
  return syntaxError('function or expression too complex', placeOf(chunk, at));
}

const HINTS: readonly (readonly [RegExp, string])[] = [
  [/^unexpected symbol near '!'/, "not equal is '~=' in Lua, negation is 'not'"],
  [/^'=' expected near '\+'/, 'Lua has no += or ++: write x = x + 1'],
  [/^'=' expected near 'continue'/, "Lua has no continue: use 'goto continue' and a label '::continue::'"],
  [/^unexpected symbol near '[&|]'/, "use 'and' and 'or'"],
  [/^unexpected symbol near '\/'/, "comments start with '--'; there is no '//' operator"],
  [/^no loop to break/, "'break' leaves the innermost loop; use 'return' to leave a function"],
  [/^cannot use '\.\.\.'/, "declare the function with '...' as its last parameter, or pass the values in"],
  [/^'<eof>' expected near 'end'/, "one 'end' too many, or a block above was closed too early"],
  [/^'end' expected \(to close/, "this block has no 'end' of its own"],
];

function hintFor(message: string): string | undefined {
  return HINTS.find(([pattern]) => pattern.test(message))?.[1];
}

/** `f` newline `(g)()`: Lua 5.1 refuses it as ambiguous, gopher-lua calls `f`; so do we. */
export function callOnNewLine(place: Place): Diagnostic {
  return diagnostic(
    'call-on-new-line',
    'ambiguous syntax (function call x new statement): taken as a call',
    place,
    "put ';' in front of '(' to start a new statement, or move '(' to the line above",
  );
}

/** The same where nobody reads warnings: `load` answers as Lua 5.1 does. */
export function refuseCallOnNewLine({ place }: Diagnostic): Diagnostic {
  const message = "ambiguous syntax (function call x new statement) near '('";
  return diagnostic('lua-syntax', message, place ?? { file: '?', line: 1, column: 1 });
}

/** `local f = function() f() end`: Lua 5.1 reads the global `f` inside, which is rarely what was meant. */
export function functionReadsItselfAsGlobal(name: string, place: Place): Diagnostic {
  return diagnostic(
    'function-reads-itself-as-global',
    `'${name}' inside its own initialiser is the global '${name}', not the new local`,
    place,
    `write 'local function ${name}' when the function calls itself`,
  );
}
