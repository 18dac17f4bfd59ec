/** What of path/filepath looks at the disk: patterns and symbolic links. */
import { lstat, readdir, readlink } from 'node:fs/promises';
import { fromUtf8, toUtf8String } from '../../host/index.ts';
import { errorCode, fileErrorText } from '../go/file-errors.ts';
import { hasMagic, matches } from './match.ts';
import { clean, join, split } from './path.ts';

const MOST_LINKS = 255;

/** Why a path cannot be followed; `message` is what scripts get. */
export class BrokenPath extends Error {}

/** A pattern of stars can mean the whole disk. */
const MOST_MATCHES = 200_000;

export class TooManyMatches extends Error {}

/**
 * Paths that exist and match, sorted by name within a folder; errors of the disk count as no match. Incomplete when
 * `ended` is aborted. Throws `BadPattern` and `TooManyMatches`.
 */
export async function glob(pattern: string, ended: AbortSignal): Promise<string[]> {
  matches(pattern, '');
  if (!hasMagic(pattern)) return (await exists(pattern)) ? [pattern] : [];
  const [directory, file] = split(pattern);
  const folder = directory === '' ? '.' : directory === '/' ? '/' : directory.slice(0, -1);
  const folders = hasMagic(folder) ? await glob(folder, ended) : [folder];
  const found: string[] = [];
  for (const each of folders) {
    if (ended.aborted) break;
    if (found.length > MOST_MATCHES) throw new TooManyMatches(`more than ${MOST_MATCHES} matches`);
    for (const name of await namesIn(each)) if (matches(file, name)) found.push(join([each, name]));
  }
  return found;
}

async function exists(path: string): Promise<boolean> {
  return lstat(toUtf8String(path)).then(
    () => true,
    () => false,
  );
}

async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(toUtf8String(folder)).catch(() => []);
  return names.map(fromUtf8).sort();
}

/** The path with every symbolic link replaced. Throws `BrokenPath`. */
export async function evaluateLinks(path: string): Promise<string> {
  let rest = path;
  let done = '';
  let links = 0;
  if (rest.startsWith('/')) done = '/';
  while (rest !== '') {
    const end = rest.indexOf('/');
    const element = end < 0 ? rest : rest.slice(0, end);
    rest = end < 0 ? '' : rest.slice(end + 1);
    if (element === '' || element === '.') continue;
    const next = element === '..' ? stepUp(done) : done === '' || done === '/' ? done + element : `${done}/${element}`;
    if (element === '..') {
      done = next;
      continue;
    }
    const target = await linkTarget(next, rest !== '');
    if (target === undefined) {
      done = next;
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) throw new BrokenPath('EvalSymlinks: too many links');
    if (target.startsWith('/')) done = '/';
    rest = rest === '' ? target : `${target}/${rest}`;
  }
  return clean(done);
}

function stepUp(done: string): string {
  if (done === '' || /(^|\/)\.\.$/.test(done)) return done === '' ? '..' : `${done}/..`;
  const cut = done.lastIndexOf('/');
  if (cut === 0) return '/';
  return cut < 0 ? '' : done.slice(0, cut);
}

/** Where a link leads; undefined for what is none. */
async function linkTarget(path: string, mustBeFolder: boolean): Promise<string | undefined> {
  try {
    const found = await lstat(toUtf8String(path));
    if (found.isSymbolicLink()) return fromUtf8(await readlink(toUtf8String(path)));
    if (mustBeFolder && !found.isDirectory()) throw new BrokenPath('not a directory');
    return undefined;
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOTDIR') throw new BrokenPath('not a directory');
    const text = fileErrorText(thrown, 'lstat', path);
    throw text === undefined ? thrown : new BrokenPath(text);
  }
}
