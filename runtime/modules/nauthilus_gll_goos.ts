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

/** Named is the part of the path that is in the way. */
async function makeFolders(path: string): Promise<Outcome> {
  const name = toUtf8String(path);
  try {
    if (name !== '' && (await stat(name).catch(() => undefined))?.isDirectory()) return [];
    await mkdir(name, { recursive: true, mode: 0o755 });
    return [];
  } catch (thrown) {
    const isInTheWay = ['EEXIST', 'ENOTDIR'].includes(errorCode(thrown) ?? '');
    return isInTheWay ? `mkdir ${await obstacle(path)}: not a directory` : fileFailure(thrown, 'mkdir', path);
  }
}

/** The shortest beginning of the path that is there and no folder. */
async function obstacle(path: string): Promise<string> {
  for (let end = path.indexOf('/', 1); end > 0; end = path.indexOf('/', end + 1)) {
    const part = path.slice(0, end);
    const found = await stat(toUtf8String(part)).catch(() => undefined);
    if (found !== undefined && !found.isDirectory()) return part;
  }
  return path;
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
});
