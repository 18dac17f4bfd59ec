/** Messages between the server and the thread in which SQLite runs. Strings are texts, bytes are `Uint8Array`s. */
import type { SqliteSource } from './dsn.ts';

export type SqliteCell = null | number | string | Uint8Array;

export type SqliteRequest = { readonly id: number; readonly connection: number } & (
  | { readonly kind: 'open'; readonly source: Omit<SqliteSource, 'begin'> }
  | { readonly kind: 'run'; readonly sql: string; readonly parameters: readonly (boolean | SqliteCell)[] }
  | { readonly kind: 'prepare'; readonly sql: string }
  | { readonly kind: 'close' }
);

export interface SqliteRows {
  readonly columns: readonly string[];
  /** What the table of a column says about its type, in lower case; '' for what is no column of a table. */
  readonly types: readonly string[];
  readonly rows: readonly (readonly SqliteCell[])[];
  readonly lastInsertId: number;
  readonly rowsAffected: number;
}

/** `value` of `prepare` is the number of parameters. */
export type SqliteAnswer = { readonly id: number } & (
  | { readonly ok: true; readonly value: SqliteRows | number | undefined }
  | { readonly ok: false; readonly message: string }
);
