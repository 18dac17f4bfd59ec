/** What the databases have in common. */

/** Text and bytes are byte strings, one character per byte; lists are arrays of PostgreSQL. */
export type SqlValue = null | boolean | number | string | readonly SqlValue[];

/** Parameters of a statement; a string is a byte string. */
export type SqlParameter = null | boolean | number | string;

export interface SqlResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
  /** undefined where the database cannot tell. */
  readonly lastInsertId: number | undefined;
  readonly rowsAffected: number;
}

/** One connection. */
export interface SqlSession {
  readonly isUsable: boolean;
  /** Rejects with `SqlError`. */
  run(sql: string, parameters: readonly SqlParameter[]): Promise<SqlResult>;
  /** Checks a statement that will be run with parameters; resolves with their number if the database tells it. */
  prepare(sql: string): Promise<number | undefined>;
  close(): void;
  /** Nobody waits for the statement that is under way: it ends with an error, and the connection with it. */
  abandon(): void;
}

/** How to hear that nobody waits any more. Returns how to say that it does not matter any more. */
export type WhenAbandoned = (abandon: () => void) => () => void;

export interface SqlDriver {
  /** Rejects with `SqlError`. */
  connect(): Promise<SqlSession>;
  /** Begins a transaction. */
  readonly begin: string;
  /** Idle connections may be closed: nothing is lost with them. */
  readonly isStateless: boolean;
}

/** What a database answered, or why it could not be asked; the message, a byte string, is meant for scripts. */
export class SqlError extends Error {}
