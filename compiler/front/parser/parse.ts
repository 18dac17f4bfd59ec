/** Source text to syntax tree. */
import type { Diagnostic } from '../../../runtime/contract/diagnostic.ts';
import type { Chunk } from '../ast.ts';
import { Lexer } from '../lexer.ts';
import { SyntaxFailure } from '../messages.ts';
import { Cursor } from './cursor.ts';
import { parseBlock } from './statements.ts';

export interface ParseOptions {
  /** Chunk name as shown in messages; `chunkDisplayName` makes it from what `load` is given. */
  readonly name: string;
  /** A file: a first line that starts with `#` and a UTF-8 byte order mark are skipped. */
  readonly isFile?: boolean;
  /** Refuse what PUC Lua 5.1 refuses and we tolerate: `;` alone, goto, labels, a call on a new line. */
  readonly strict51?: boolean;
  /** Told of each token; may throw to end the work. */
  readonly onWork?: ((work: number) => void) | undefined;
}

export type ParseOutcome =
  | { readonly ok: true; readonly chunk: Chunk; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly error: Diagnostic };

/** Parses one chunk; stops at the first error, as Lua does. `source` is a byte string. */
export function parse(source: string, options: ParseOptions): ParseOutcome {
  const { name, isFile = false, strict51 = false, onWork } = options;
  try {
    const lexer = new Lexer(source, { name, isFile, strict51 });
    const cursor = new Cursor(lexer, strict51, parseBlock, onWork);
    const block = parseBlock(cursor);
    cursor.expect('<eof>');
    return { ok: true, chunk: chunkOf(lexer, block), warnings: cursor.warnings };
  } catch (failure) {
    if (failure instanceof SyntaxFailure) return { ok: false, error: failure.diagnostic };
    throw failure;
  }
}

function chunkOf(lexer: Lexer, block: Chunk['block']): Chunk {
  const { name, source, lineStarts } = lexer;
  return { kind: 'Chunk', at: 0, end: source.length, name, source, lineStarts, params: [], isVararg: true, block };
}
