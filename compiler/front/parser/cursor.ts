/** Where the parser stands: tokens, expectations, nesting, the function and loop around. Shared by all grammar files. */
import type { Diagnostic } from '../../../runtime/contract/diagnostic.ts';
import type { Block } from '../ast.ts';
import type { Lexer, Token, TokenKind } from '../lexer.ts';
import { callOnNewLine } from '../messages.ts';

/**
 * Lua allows 200 nested C calls while it parses; two are in use when a script calls `loadstring`. Every block and every
 * subexpression takes one.
 */
const MAX_LEVELS = 198;

/**
 * Suffixes (`.x`, `[i]`, `(…)`) on the deepest path of one expression: `a.b.c` nests to the left without taking levels.
 * Ours alone: consumers of the tree recurse.
 */
const MAX_SUFFIXES = 400;

const TOO_MANY_LEVELS = 'chunk has too many syntax levels';

/** What the parser knows about the function it is in. */
export interface FunctionScope {
  readonly isVararg: boolean;
  /** Loops around the current position, inside this function. */
  loops: number;
}

/** The grammar is recursive across files; this is how expressions reach the statements of a function body. */
export type ParseBlock = (cursor: Cursor) => Block;

export class Cursor {
  token: Token;
  /** The token before `token`. */
  previous: Token;
  /** Line that the lexer had reached when the current token became current (`lastline` of Lua's own parser). */
  lastLine = 1;
  scope: FunctionScope = { isVararg: true, loops: 0 };
  /** Suffixes on the deepest path of the expression that was read last; see `suffixed`. */
  suffixDepth = 0;
  readonly warnings: Diagnostic[] = [];
  readonly lexer: Lexer;
  readonly strict51: boolean;
  readonly parseBlock: ParseBlock;
  readonly #onWork: ((work: number) => void) | undefined;
  #ahead: Token | undefined;
  #levels = 0;
  /** Where the chain being read passed the limit that it hits in Lua, which nests it; see `growChain`. */
  #overflow: Token | undefined;

  constructor(lexer: Lexer, strict51: boolean, parseBlock: ParseBlock, onWork?: (work: number) => void) {
    this.#onWork = onWork;
    this.lexer = lexer;
    this.strict51 = strict51;
    this.parseBlock = parseBlock;
    this.token = lexer.next();
    this.previous = this.token;
  }

  /** Moves on and returns the token that was current. */
  advance(): Token {
    this.#onWork?.(1);
    const passed = this.token;
    this.previous = passed;
    this.lastLine = this.lexer.line;
    const ahead = this.#ahead;
    if (ahead === undefined) {
      this.token = this.lexer.next();
    } else {
      this.token = ahead;
      this.#ahead = undefined;
    }
    return passed;
  }

  /** The token behind the current one. */
  peek(): Token {
    this.#ahead ??= this.lexer.next();
    return this.#ahead;
  }

  /** Moves on if the current token is of this kind. */
  accept(kind: TokenKind): boolean {
    if (this.token.kind !== kind) return false;
    this.advance();
    return true;
  }

  expect(kind: TokenKind): Token {
    if (this.token.kind !== kind) this.failExpected(kind);
    return this.advance();
  }

  expectName(): Token {
    if (this.token.kind !== 'name') this.failExpected('<name>');
    return this.advance();
  }

  /** Expects the token that closes what `open` began; returns it. */
  expectClosing(kind: TokenKind, open: Token): Token {
    if (this.token.kind === kind) return this.advance();
    if (open.line === this.lexer.line) return this.failExpected(kind);
    return this.fail(`'${kind}' expected (to close '${open.kind}' at line ${open.line})`);
  }

  failExpected(what: string): never {
    return this.fail(`'${what}' expected`);
  }

  /** A syntax error at the current token. */
  fail(message: string): never {
    if (this.#overflow !== undefined) this.#failLevels(this.#overflow);
    return this.lexer.fail(message, this.lexer.near(this.token), this.token.at);
  }

  #failLevels(token: Token): never {
    return this.lexer.fail(TOO_MANY_LEVELS, '', token.at, token.line);
  }

  /** Call before reading something that nests, `leave` after it. */
  enter(): void {
    if (++this.#levels > MAX_LEVELS) this.#failLevels(this.token);
  }

  leave(): void {
    this.#levels--;
  }

  /**
   * Lua nests `a .. b .. c` and `a, b = …` and refuses more than 200; here they are flat and may be longer. Only when
   * such a chain turns out to be broken further on, the error is the one that Lua finds first. Returns what `endChain`
   * needs.
   */
  beginChain(): Token | undefined {
    return this.#overflow;
  }

  growChain(length: number): void {
    if (this.#levels + length <= MAX_LEVELS || this.#overflow !== undefined) return;
    if (this.strict51) this.#failLevels(this.token);
    this.#overflow = this.token;
  }

  endChain(begin: Token | undefined): void {
    this.#overflow = begin;
  }

  countSuffix(): void {
    if (++this.suffixDepth > MAX_SUFFIXES) this.#failLevels(this.token);
  }

  warnCallOnNewLine(open: Token): void {
    const lineStart = this.lexer.lineStarts[open.line - 1] as number;
    this.warnings.push(callOnNewLine({ file: this.lexer.name, line: open.line, column: open.at - lineStart + 1 }));
  }
}
