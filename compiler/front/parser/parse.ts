/** Source text to syntax tree. */
import type { Diagnostic } from '../../../runtime/contract/diagnostic.ts';
import type { Chunk } from '../ast.ts';

export interface ParseOptions {
  /** Chunk name as shown in messages; `chunkDisplayName` makes it from what `load` is given. */
  readonly name: string;
  /** A file: a first line that starts with `#` and a UTF-8 byte order mark are skipped. */
  readonly isFile?: boolean;
  /** Refuse what PUC Lua 5.1 refuses and we tolerate: `;` alone, goto, labels, a call on a new line. */
  readonly strict51?: boolean;
}

export type ParseOutcome =
  | { readonly ok: true; readonly chunk: Chunk; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly error: Diagnostic };

/** Parses one chunk; stops at the first error, as Lua does. `source` is a byte string. */
export declare function parse(source: string, options: ParseOptions): ParseOutcome;
