/** Paths of files, as the module `filepath` of gopher-lua-libs; separators and rules are those of Unix. */
import {
  attempt,
  attemptLater,
  type Declaration,
  defineModule,
  error,
  fromUtf8,
  type HostCall,
  io,
  lax,
  type Outcome,
  pure,
  rest,
  result,
  results2,
  str,
  tableFromArray,
  textOf,
} from '../host/index.ts';
import { BrokenPath, evaluateLinks, glob, TooManyMatches } from './gll-filepath/disk.ts';
import { BadPattern, matches } from './gll-filepath/match.ts';
import {
  absolute,
  baseName,
  clean,
  directoryOf,
  extension,
  isAbsolute,
  join,
  relative,
  split,
} from './gll-filepath/path.ts';

function ofPath(doc: string, compute: (path: string) => string): Declaration {
  return pure({ doc, args: [str('path')], returns: [result('path', 'string')] }, compute);
}

async function findAll({ ended }: HostCall, pattern: string): Promise<Outcome> {
  return attemptLater(
    [BadPattern, TooManyMatches],
    ({ message }) => [undefined, message],
    async () => tableFromArray(await glob(pattern, ended)),
  );
}

async function followLinks(path: string): Promise<Outcome> {
  return attemptLater(
    [BrokenPath],
    ({ message }) => ['', message],
    () => evaluateLinks(path),
  );
}

export default defineModule({
  name: 'nauthilus_gll_filepath',
  requires: ['filepath'],
  classes: 'all',
  doc: 'Take paths apart and put them together, find files by a pattern.',
  functions: {
    abs: ofPath('The path from the root.', (path) => fromUtf8(absolute(path))),
    basename: ofPath('The last element; `.` for an empty path.', baseName),
    clean: ofPath('The shortest path of the same meaning.', clean),
    dir: ofPath('All but the last element; `.` when nothing is left.', directoryOf),
    ext: ofPath('From the last dot of the last element on; may be empty.', extension),
    from_slash: ofPath('The path with the separators of the system.', (path) => path),
    to_slash: ofPath('The path with slashes.', (path) => path),
    volume_name: ofPath('Always empty on Unix.', () => ''),
    eval_symlinks: io(
      {
        doc: 'The path with all symbolic links replaced; an empty text and an error where there is nothing.',
        args: [str('path')],
        returns: [result('path', 'string'), error],
      },
      (_call, path) => followLinks(path),
    ),
    glob: io(
      {
        doc: 'Paths that match a pattern (`*`, `?`, `[a-z]`, `[^a]`); hidden files match too.',
        args: [str('pattern')],
        returns: [result('paths', 'table?'), error],
      },
      findAll,
    ),
    is_abs: pure(
      { doc: 'Does the path begin at the root?', args: [str('path')], returns: [result('yes', 'boolean')] },
      isAbsolute,
    ),
    join: pure(
      { doc: 'One path of its elements.', args: [rest(lax('elements'))], returns: [result('path', 'string')] },
      (elements) => join(elements.map(textOf)),
    ),
    list_separator: pure({ doc: 'What separates paths in a list.', returns: [result('text', 'string')] }, () => ':'),
    separator: pure({ doc: 'What separates the elements of a path.', returns: [result('text', 'string')] }, () => '/'),
    match: pure(
      {
        doc: 'Does the whole name match the pattern? `*` and `?` match no slash.',
        args: [str('pattern'), str('name')],
        returns: [result('yes', 'boolean'), error],
      },
      (pattern, name) => {
        return attempt(
          [BadPattern],
          ({ message }) => results2(false, message),
          () => matches(pattern, name),
        );
      },
    ),
    rel: pure(
      {
        doc: 'How to get from one path to another; an empty text and an error when that cannot be known.',
        args: [str('base'), str('target')],
        returns: [result('path', 'string'), error],
      },
      (base, target) => relative(base, target) ?? results2('', `Rel: can't make ${target} relative to ${base}`),
    ),
    split: pure(
      {
        doc: 'The folder, with its slash, and the file.',
        args: [str('path')],
        returns: [result('directory', 'string'), result('file', 'string')],
      },
      (path) => results2(...split(path)),
    ),
    split_list: pure(
      { doc: 'The paths of a list like $PATH.', args: [str('list')], returns: [result('paths', 'table')] },
      (list) => tableFromArray(list === '' ? [] : list.split(':')),
    ),
  },
});
