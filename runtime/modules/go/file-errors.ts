/** Errors of the operating system as Go's os and net packages word them. */

const REASONS: Readonly<Record<string, string>> = {
  E2BIG: 'argument list too long',
  EACCES: 'permission denied',
  EADDRINUSE: 'address already in use',
  EADDRNOTAVAIL: 'cannot assign requested address',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by peer',
  EEXIST: 'file exists',
  EFBIG: 'file too large',
  EHOSTUNREACH: 'no route to host',
  EINVAL: 'invalid argument',
  EISDIR: 'is a directory',
  ELOOP: 'too many levels of symbolic links',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'file name too long',
  ENETUNREACH: 'network is unreachable',
  ENOENT: 'no such file or directory',
  ENOSPC: 'no space left on device',
  ENOTDIR: 'not a directory',
  ENOTEMPTY: 'directory not empty',
  ENXIO: 'no such device or address',
  EPERM: 'operation not permitted',
  EPIPE: 'broken pipe',
  EROFS: 'read-only file system',
  ETIMEDOUT: 'connection timed out',
};

/** The code of a system error, e.g. `ENOENT`; undefined for what is none. */
export function errorCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : undefined;
}

/** What a code means: `no such file or directory`; the code itself when it is not known. */
export function reasonOfCode(code: string): string {
  return REASONS[code] ?? code;
}

/** `open x: no such file or directory`; undefined for what is no error of the file system. */
export function fileErrorText(thrown: unknown, operation: string, path: string): string | undefined {
  const code = errorCode(thrown);
  if (code === 'ERR_INVALID_ARG_VALUE') return `${operation} ${path}: invalid argument`;
  return code === undefined ? undefined : `${operation} ${path}: ${reasonOfCode(code)}`;
}

/** The text of a file system error; rethrows everything else. */
export function fileFailure(thrown: unknown, operation: string, path: string): string {
  const text = fileErrorText(thrown, operation, path);
  if (text === undefined) throw thrown;
  return text;
}
