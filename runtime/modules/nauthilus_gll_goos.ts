/** Files and host, as the module `goos` of gopher-lua-libs. */
import type { Stats } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import {
  defineModule,
  error,
  fromUtf8,
  io,
  type LuaValue,
  type Outcome,
  pure,
  result,
  str,
  tableFromEntries,
  toUtf8String,
} from '../host/index.ts';
import { errorCode, fileFailure } from './go/file-errors.ts';

const PAGE_BYTES = 4096;

/** In the order of Go's mode letters; a character device is a device too. */
function typeLetters(found: Stats): string {
  const special = (bit: number, letter: string): string => ((found.mode & bit) === 0 ? '' : letter);
  const isDevice = found.isBlockDevice() || found.isCharacterDevice();
  return [
    found.isDirectory() ? 'd' : '',
    isDevice ? 'D' : '',
    found.isFIFO() ? 'p' : '',
    found.isSocket() ? 'S' : '',
    special(0o4000, 'u'),
    special(0o2000, 'g'),
    found.isCharacterDevice() ? 'c' : '',
    special(0o1000, 't'),
  ].join('');
}

function modeText(found: Stats): string {
  const permissions = [...'rwxrwxrwx'].map((letter, at) => ((found.mode >> (8 - at)) & 1 ? letter : '-')).join('');
  return (typeLetters(found) || '-') + permissions;
}

async function describe(path: string): Promise<Outcome> {
  try {
    const found = await stat(toUtf8String(path));
    const fields: readonly (readonly [string, LuaValue])[] = [
      ['is_dir', found.isDirectory()],
      ['size', found.size],
      ['mod_time', Math.floor(found.mtimeMs / 1000)],
      ['mode', modeText(found)],
    ];
    return tableFromEntries(fields);
  } catch (thrown) {
    return [undefined, fileFailure(thrown, 'stat', path)];
  }
}

/**
 * One after the other, because Node's own way of doing it never ends where the system says of every part that it is not
 * there (in /proc). Named is the part that is in the way.
 */
async function makeFolders(path: string): Promise<Outcome> {
  if (path === '') return 'mkdir : no such file or directory';
  if (await isFolder(path)) return [];
  for (const part of beginningsOf(path)) {
    try {
      await mkdir(toUtf8String(part), 0o755);
    } catch (thrown) {
      if (await isFolder(part)) continue;
      return errorCode(thrown) === 'EEXIST' ? `mkdir ${part}: not a directory` : fileFailure(thrown, 'mkdir', part);
    }
  }
  return [];
}

/** `/a`, `/a/b` and `/a/b/c` of `/a/b/c`. */
function* beginningsOf(path: string): Generator<string> {
  for (let end = path.indexOf('/', 1); end > 0; end = path.indexOf('/', end + 1)) yield path.slice(0, end);
  yield path;
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(toUtf8String(path)).catch(() => undefined);
  return found?.isDirectory() === true;
}

export default defineModule({
  name: 'nauthilus_gll_goos',
  requires: ['goos'],
  classes: 'all',
  doc: 'Facts about files and the host; making folders.',
  functions: {
    stat: io(
      {
        doc: 'Size, kind, mode (`-rw-r--r--`) and time of change in Unix seconds of what a path leads to.',
        args: [str('path')],
        returns: [result('facts', 'table?'), error],
      },
      (_call, path) => describe(path),
    ),
    hostname: pure({ doc: 'The name of the host.', returns: [result('name', 'string?'), error] }, () =>
      fromUtf8(hostname()),
    ),
    get_pagesize: pure({ doc: 'Bytes of a memory page.', returns: [result('bytes', 'number')] }, () => PAGE_BYTES),
    mkdir_all: io(
      { doc: 'Make a folder and those above it; nothing on success.', args: [str('path')], returns: [error] },
      (_call, path) => makeFolders(path),
    ),
  },
  hidden: {
    environ: pure({ doc: 'All variables of the environment.', returns: [result('variables', 'table')] }, () =>
      tableFromEntries(Object.entries(process.env).map(([name, value = '']) => [fromUtf8(name), fromUtf8(value)])),
    ),
  },
});
