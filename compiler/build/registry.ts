/**
 * Registries by folder: each folder below gets a git-ignored `index.gen.ts` that exports the default exports of its
 * files as one array, sorted by file name, and the names of the files as `files`, for messages about an entry. A new
 * module, stage, endpoint or command is found by being there.
 */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const FOLDERS = [
  'runtime/modules',
  'runtime/pipeline/stages',
  'runtime/http/endpoints',
  'compiler/cli/commands',
  'compiler/check/rules',
];
const GENERATED = 'index.gen.ts';

/** A file in a registry folder that is no entry; the message names it. */
export class RegistryError extends Error {}

/**
 * Writes `index.gen.ts` into every registry folder below `root` that exists; a file that would not change stays
 * untouched, so that watchers and caches see nothing. Returns the paths that changed, relative to `root`. Throws
 * `RegistryError`.
 */
export function writeRegistries(root: string): readonly string[] {
  return FOLDERS.filter((folder) => existsSync(join(root, folder)) && writeRegistry(join(root, folder), folder)).map(
    (folder) => `${folder}/${GENERATED}`,
  );
}

function writeRegistry(directory: string, folder: string): boolean {
  const path = join(directory, GENERATED);
  const text = registryText(folder, entriesOf(directory, folder));
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return false;
  // Several processes may generate at once (parallel tests): readers must never see half a file.
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
  return true;
}

function entriesOf(directory: string, folder: string): readonly string[] {
  const files = readdirSync(directory)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.gen.ts') && !name.endsWith('.test.ts'))
    .sort();
  for (const file of files) refuseWithoutEntry(join(directory, file), `${folder}/${file}`);
  return files;
}

const ENTRY = /^export default define[A-Z]\w*\(/m;

function refuseWithoutEntry(path: string, shown: string): void {
  if (ENTRY.test(readFileSync(path, 'utf8'))) return;
  const folder = dirname(shown);
  throw new RegistryError(
    `${shown} has no default export of the form 'export default define…({ … })': each file in ${folder} has to be an entry of it; helpers go into a folder below`,
  );
}

function registryText(folder: string, files: readonly string[]): string {
  const imports = files.map((file, index) => `import e${index} from './${file}';`);
  const names = files.map((_, index) => `e${index}`).join(', ');
  return [
    `// Written by \`npm run gen\` from the files in ${folder}; not in git.`,
    ...imports,
    '',
    `export default [${names}] as const;`,
    '',
    `export const files = [${files.map((file) => `'${folder}/${file}'`).join(', ')}] as const;`,
    '',
  ].join('\n');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(resolve(process.argv[1])).href) {
  try {
    const changed = writeRegistries(fileURLToPath(new URL('../../', import.meta.url)));
    console.log(changed.length === 0 ? 'registries are up to date' : `wrote ${changed.join(', ')}`);
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
