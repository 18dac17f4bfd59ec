/** What scripts may do to the machine they run on. Process-wide; the default suits a server. */

export interface SystemAccess {
  /**
   * `os.execute` and `io.popen`: `none` refuses them; `waiting` runs commands while the event loop goes on, so the two
   * are waits of the script; `blocking` stops the process meanwhile, as the `lua` command does.
   */
  readonly commands: 'none' | 'waiting' | 'blocking';
  /** Does `os.exit` end the process, or is it an error in the script? */
  readonly exit: 'process' | 'script';
  /** Standard input as scripts see it. */
  readonly input: 'process' | 'empty';
  /** May scripts open devices and named pipes, whose reads can block? */
  readonly specialFiles: boolean;
}

const SERVER: SystemAccess = { commands: 'none', exit: 'script', input: 'empty', specialFiles: false };

/** For scripts that own the process, as under `nauthilus run`. */
export const FULL_ACCESS: SystemAccess = {
  commands: 'blocking',
  exit: 'process',
  input: 'process',
  specialFiles: true,
};

let access = SERVER;

export function systemAccess(): SystemAccess {
  return access;
}

/** Returns the access that was in force. */
export function setSystemAccess(next: SystemAccess): SystemAccess {
  const previous = access;
  access = next;
  return previous;
}
