/** Paths of Unix as Go's path/filepath treats them; byte strings. */

/** The shortest path of the same meaning, without looking at the disk. */
export function clean(path: string): string {
  if (path === '') return '.';
  const isRooted = path.startsWith('/');
  const kept: string[] = [];
  for (const element of path.split('/')) {
    if (element === '' || element === '.') continue;
    if (element !== '..') kept.push(element);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!isRooted) kept.push('..');
  }
  const joined = kept.join('/');
  if (isRooted) return `/${joined}`;
  return joined === '' ? '.' : joined;
}

/** Empty elements are left out; nothing to join gives the empty string. */
export function join(elements: readonly string[]): string {
  const given = elements.filter((each) => each !== '');
  return given.length === 0 ? '' : clean(given.join('/'));
}

export function isAbsolute(path: string): boolean {
  return path.startsWith('/');
}

export function absolute(path: string): string {
  return isAbsolute(path) ? clean(path) : join([process.cwd(), path]);
}

/** The last element; `.` for the empty path, `/` for the root. */
export function baseName(path: string): string {
  if (path === '') return '.';
  const bare = path.replace(/\/+$/, '');
  return bare === '' ? '/' : bare.slice(bare.lastIndexOf('/') + 1);
}

/** Everything up to the last slash, and what follows it. */
export function split(path: string): readonly [directory: string, file: string] {
  const end = path.lastIndexOf('/') + 1;
  return [path.slice(0, end), path.slice(end)];
}

export function directoryOf(path: string): string {
  return clean(split(path)[0]);
}

/** From the last dot of the last element on. */
export function extension(path: string): string {
  const [, file] = split(path);
  const dot = file.lastIndexOf('.');
  return dot < 0 ? '' : file.slice(dot);
}

/** How to get from `base` to `target`; undefined when that cannot be known. */
export function relative(base: string, target: string): string | undefined {
  const from = clean(base);
  const to = clean(target);
  if (isAbsolute(from) !== isAbsolute(to)) return undefined;
  const up = elementsOf(from);
  const down = elementsOf(to);
  let shared = 0;
  while (shared < up.length && up[shared] === down[shared]) shared += 1;
  // What is above an unknown folder has no name.
  if (up[shared] === '..') return undefined;
  const steps = [...up.slice(shared).map(() => '..'), ...down.slice(shared)];
  return steps.length === 0 ? '.' : steps.join('/');
}

function elementsOf(cleaned: string): string[] {
  return cleaned.split('/').filter((each) => each !== '' && each !== '.');
}
