/** What compiler, configuration and checks report to a person. */

export type Severity = 'error' | 'warning' | 'notice';

/** A place in a file; `line` and `column` are 1-based, `column` counts bytes. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Diagnostic {
  /** Stable code in kebab-case, e.g. `lua-syntax`, `config-unknown-key`. */
  readonly code: string;
  readonly severity: Severity;
  /** One line, without the place. For Lua syntax errors Lua's own wording after `file:line: `. */
  readonly message: string;
  readonly place?: Place;
  readonly hint?: string;
}
