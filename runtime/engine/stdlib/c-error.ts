/** Errors of the operating system with the texts of C's `strerror`, and the results Lua's functions give for them. */
import { type LuaResult, type LuaValue, results3 } from '../api.ts';

const TEXTS: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EAGAIN: 'Resource temporarily unavailable',
  EBADF: 'Bad file descriptor',
  EBUSY: 'Device or resource busy',
  EEXIST: 'File exists',
  EFBIG: 'File too large',
  EINVAL: 'Invalid argument',
  EIO: 'Input/output error',
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
  EMFILE: 'Too many open files',
  ENAMETOOLONG: 'File name too long',
  ENFILE: 'Too many open files in system',
  ENODEV: 'No such device',
  ENOENT: 'No such file or directory',
  ENOSPC: 'No space left on device',
  ENOTDIR: 'Not a directory',
  ENOTEMPTY: 'Directory not empty',
  ENXIO: 'No such device or address',
  EPERM: 'Operation not permitted',
  EPIPE: 'Broken pipe',
  EROFS: 'Read-only file system',
  ESPIPE: 'Illegal seek',
  ETXTBSY: 'Text file busy',
  EXDEV: 'Invalid cross-device link',
};

/** An error number with its text. */
export class SystemError {
  readonly text: string;
  readonly number: number;

  constructor(text: string, number: number) {
    this.text = text;
    this.number = number;
  }
}

/** For conditions found here rather than by a system call. */
export const INVALID_ARGUMENT = new SystemError('Invalid argument', 22);
export const ILLEGAL_SEEK = new SystemError('Illegal seek', 29);
export const BAD_DESCRIPTOR = new SystemError('Bad file descriptor', 9);

/** The system error behind a JS error of `node:fs`; rethrows anything else. */
export function systemError(thrown: unknown): SystemError {
  if (thrown instanceof SystemError) return thrown;
  if (!(thrown instanceof Error) || !('code' in thrown)) throw thrown;
  if (thrown.code === 'ERR_INVALID_ARG_VALUE' || thrown.code === 'ERR_OUT_OF_RANGE') return INVALID_ARGUMENT;
  if (!('errno' in thrown) || typeof thrown.errno !== 'number') throw thrown;
  return new SystemError(TEXTS[String(thrown.code)] ?? String(thrown.code), Math.abs(thrown.errno));
}

/** `nil, message, number`, the file name in front of the message if given. */
export function failure(error: SystemError, name?: string): LuaResult {
  return results3(undefined, name === undefined ? error.text : `${name}: ${error.text}`, error.number);
}

/** Runs `action`; true when it went well, else nil, message, number. */
export function attempted(name: string | undefined, action: () => LuaValue): LuaResult {
  try {
    return action();
  } catch (thrown) {
    return failure(systemError(thrown), name);
  }
}
